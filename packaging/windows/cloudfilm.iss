; The installer for Windows: per machine, silent where wanted, upgrade in place. Inno Setup 6.3 or later; this file is
; UTF-8 with a byte order mark. dev.ps1 package calls ISCC with /DVersion=... /DBuilt=... [/DMesa=...] [/DSign=1].
;
;   cloudfilm-workstation-setup.exe /VERYSILENT /NORESTART            install or upgrade, closing a running copy
;   unins000.exe /VERYSILENT [/WIPE]                                  remove; with /WIPE also what this user has

#ifndef Version
  #error Version is not given: call dev.ps1 package
#endif
#ifndef Built
  #define Built "..\..\dist\cloudfilm-workstation"
#endif
#define Name "Cloud film workstation"
#define Program "cloudfilm-workstation.exe"
#define State "cloudfilm-workstation"

[Setup]
; Never changed: by it Windows knows that a newer version takes the place of an older one.
AppId={{7C1B2E5A-6C0D-4B0B-9E0E-5F0B6C2B7E41}
AppName={cm:ProgramName}
AppVersion={#Version}
AppVerName={cm:ProgramName} {#Version}
VersionInfoVersion={#Version}
UninstallDisplayName={cm:ProgramName}
UninstallDisplayIcon={app}\{#Program}
DefaultDirName={autopf}\Cloudfilm Workstation
DisableDirPage=auto
DisableProgramGroupPage=yes
PrivilegesRequired=admin
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
UsePreviousAppDir=yes
UsePreviousLanguage=yes
; A running copy holds its files open: it is asked to close, and closed when silent. It is not started again by us,
; for an installer that runs as the system would start it as the system.
CloseApplications=force
CloseApplicationsFilter=*.exe,*.dll,*.pyd
RestartApplications=no
ChangesAssociations=yes
OutputBaseFilename=cloudfilm-workstation-{#Version}-setup
OutputDir=..\..\dist
SetupIconFile=..\..\build\icons\cloudfilm-workstation.ico
LicenseFile=..\..\LICENSE
Compression=lzma2/max
SolidCompression=yes
SetupLogging=yes
WizardStyle=modern
#ifdef Sign
SignTool=sign
SignedUninstaller=yes
#endif

[Languages]
; Inno Setup brings no Chinese: what our installer shows is translated below, the rest stays English.
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "zh"; MessagesFile: "compiler:Default.isl"

[LangOptions]
zh.LanguageName=简体中文
zh.LanguageID=$0804
zh.DialogFontName=Microsoft YaHei UI

[Messages]
zh.SetupAppTitle=安装
zh.SetupWindowTitle=安装 - %1
zh.UninstallAppTitle=卸载
zh.UninstallAppFullTitle=%1 卸载
zh.ButtonBack=< 上一步(&B)
zh.ButtonNext=下一步(&N) >
zh.ButtonInstall=安装(&I)
zh.ButtonOK=确定
zh.ButtonCancel=取消
zh.ButtonYes=是(&Y)
zh.ButtonNo=否(&N)
zh.ButtonFinish=完成(&F)
zh.ButtonBrowse=浏览(&B)...
zh.SelectLanguageTitle=选择安装语言
zh.SelectLanguageLabel=请选择安装过程使用的语言。
zh.WizardLicense=许可协议
zh.LicenseLabel=继续安装前请阅读以下重要信息。
zh.LicenseLabel3=请阅读以下许可协议。必须接受协议才能继续安装。
zh.LicenseAccepted=我接受协议(&A)
zh.LicenseNotAccepted=我不接受协议(&D)
zh.WizardSelectDir=选择安装位置
zh.WizardSelectTasks=选择附加任务
zh.SelectTasksDesc=还要执行哪些任务？
zh.SelectTasksLabel2=请选择安装 [name] 时要执行的附加任务，然后点击“下一步”。
zh.WizardReady=准备安装
zh.ReadyLabel1=现在可以在此电脑上安装 [name]。
zh.ReadyLabel2a=点击“安装”继续；要查看或更改设置，请点击“上一步”。
zh.ReadyLabel2b=点击“安装”继续。
zh.WizardPreparing=正在准备安装
zh.PreparingDesc=正在准备在此电脑上安装 [name]。
zh.WizardInstalling=正在安装
zh.InstallingLabel=正在此电脑上安装 [name]，请稍候。
zh.FinishedHeadingLabel=[name] 安装完成
zh.FinishedLabel=[name] 已安装到此电脑，可通过图标启动。
zh.FinishedLabelNoIcons=[name] 已安装到此电脑。
zh.ClickFinish=点击“完成”结束安装。
zh.ApplicationsFound=以下程序正在使用需要更新的文件。建议允许安装程序自动关闭它们。
zh.CloseApplications=自动关闭程序(&A)
zh.DontCloseApplications=不关闭程序(&D)
zh.ConfirmUninstall=确定要完全删除 %1 及其所有组件吗？
zh.UninstallStatusLabel=正在从此电脑删除 %1，请稍候。
zh.UninstalledAll=已从此电脑删除 %1。
zh.ExitSetupTitle=退出安装
zh.ExitSetupMessage=安装尚未完成。现在退出将不会安装该程序。%n%n确定退出吗？

[CustomMessages]
zh.ProgramName=云胶片工作站
en.ProgramName=Cloud film workstation
zh.DesktopIcon=在桌面上创建图标
en.DesktopIcon=Create an icon on the desktop
zh.Wipe=是否同时删除此用户的设置、窗口位置、日志、审计记录和崩溃报告？密码由 Windows 凭据管理器保管，不会被删除。
en.Wipe=Also delete this user's settings, window places, logs, audit records and crash reports? Passwords are kept by Windows Credential Manager and are not deleted.

[Tasks]
Name: "desktopicon"; Description: "{cm:DesktopIcon}"; Flags: unchecked

[InstallDelete]
; The libraries of the version before: what the new one does not bring must not be found by it.
Type: filesandordirs; Name: "{app}\_internal"
Type: filesandordirs; Name: "{app}\mesa"

[Files]
Source: "{#Built}\cloudfilm-workstation.exe"; DestDir: "{app}"; Flags: ignoreversion
Source: "{#Built}\workstation.exe"; DestDir: "{app}"; Flags: ignoreversion
Source: "{#Built}\licences.txt"; DestDir: "{app}"; Flags: ignoreversion
Source: "{#Built}\_internal\*"; DestDir: "{app}\_internal"; Flags: ignoreversion recursesubdirs createallsubdirs
Source: "..\policy-example.toml"; DestDir: "{app}"; Flags: ignoreversion
Source: "..\IT.md"; DestDir: "{app}"; Flags: ignoreversion
#ifdef Mesa
; Beside the program, not on its search path: it is used only where the probe finds that the driver cannot.
Source: "{#Mesa}\*"; DestDir: "{app}\mesa"; Flags: ignoreversion recursesubdirs
#endif

[Icons]
Name: "{autoprograms}\{cm:ProgramName}"; Filename: "{app}\{#Program}"
Name: "{autodesktop}\{cm:ProgramName}"; Filename: "{app}\{#Program}"; Tasks: desktopicon

[Registry]
; The scheme cloudfilm: for all users. The link stands in quotes, after --, so that nothing in it is an option.
Root: HKLM; Subkey: "Software\Classes\cloudfilm"; ValueType: string; ValueData: "URL:{#Name}"; Flags: uninsdeletekey
Root: HKLM; Subkey: "Software\Classes\cloudfilm"; ValueType: string; ValueName: "URL Protocol"; ValueData: ""
Root: HKLM; Subkey: "Software\Classes\cloudfilm\DefaultIcon"; ValueType: string; ValueData: """{app}\{#Program}"",0"
Root: HKLM; Subkey: "Software\Classes\cloudfilm\shell\open\command"; ValueType: string; ValueData: """{app}\{#Program}"" open -- ""%1"""

[Run]
Filename: "{app}\{#Program}"; Description: "{cm:LaunchProgram,{cm:ProgramName}}"; Flags: nowait postinstall skipifsilent runasoriginaluser

[UninstallRun]
Filename: "{sys}\taskkill.exe"; Parameters: "/F /IM {#Program}"; Flags: runhidden; RunOnceId: "CloseWindow"
Filename: "{sys}\taskkill.exe"; Parameters: "/F /IM workstation.exe"; Flags: runhidden; RunOnceId: "CloseCommands"

[UninstallDelete]
Type: filesandordirs; Name: "{app}\_internal"
Type: filesandordirs; Name: "{app}\mesa"
Type: dirifempty; Name: "{app}"

[Code]
function IsAsked(const Wanted: String): Boolean;
var
  I: Integer;
begin
  Result := False;
  for I := 1 to ParamCount do
    if CompareText(ParamStr(I), Wanted) = 0 then
      Result := True;
end;

{ What this user has: settings, places, logs. Only on the word of whoever removes the program; silently only by /WIPE. }
procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
var
  Own: String;
begin
  if CurUninstallStep <> usPostUninstall then
    Exit;
  Own := ExpandConstant('{localappdata}\{#State}');
  if not DirExists(Own) then
    Exit;
  if IsAsked('/WIPE') or (not UninstallSilent and
      (MsgBox(ExpandConstant('{cm:Wipe}'), mbConfirmation, MB_YESNO or MB_DEFBUTTON2) = IDYES)) then
    DelTree(Own, True, True, True);
end;
