# The developer's commands on Windows 10 1809 or later, x64, in PowerShell 5.1 or 7:
#   powershell -ExecutionPolicy Bypass -File packaging\dev.ps1 run [ARGUMENTS]     make .venv, start the demo
#   ... dev.ps1 test [ARGUMENTS]                                                   every check and the test suite
#   ... dev.ps1 package [-Certificate THUMBPRINT] [-Mesa FOLDER] [-Timestamp URL]  the program and its installer in dist\
# Needed: Python 3.11, 3.12 or 3.13 (py launcher); for package also Inno Setup 6.3 (ISCC) and, to sign, the Windows SDK.
param(
    [Parameter(Position = 0)][ValidateSet('run', 'test', 'package')][string]$Command,
    [string]$Certificate = '',
    [string]$Mesa = '',
    [string]$Timestamp = 'http://timestamp.digicert.com',
    [Parameter(ValueFromRemainingArguments = $true)][string[]]$Rest = @()
)
$ErrorActionPreference = 'Stop'
$Root = Split-Path -Parent $PSScriptRoot
$Venv = Join-Path $Root '.venv'
$Python = Join-Path $Venv 'Scripts\python.exe'
Set-Location $Root

function Write-Step([string]$Words) { Write-Host "`n== $Words" }

# A native program that fails ends the command: PowerShell 5.1 does not see to it by itself.
function Invoke-Checked([string]$Program, [string[]]$Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Program ended with exit code $LASTEXITCODE" }
}

function Find-Python {
    foreach ($Version in '3.11', '3.12', '3.13') {
        if (Get-Command py -ErrorAction SilentlyContinue) {
            $Found = & py "-$Version" -c 'import sys; print(sys.executable)' 2>$null
            if ($LASTEXITCODE -eq 0 -and $Found) { return $Found }
        }
    }
    throw 'Python 3.11, 3.12 or 3.13 is needed (python.org, with the py launcher).'
}

# The environment is made anew when the lock changes, so that it never holds what the lock does not.
function Initialize-Environment([string]$Lock) {
    $Wanted = (Get-FileHash $Lock -Algorithm SHA256).Hash
    $Stamp = Join-Path $Venv ('.lock-' + (Split-Path -Leaf $Lock))
    if ((Test-Path $Python) -and (Test-Path $Stamp) -and ((Get-Content $Stamp -Raw).Trim() -eq $Wanted)) { return }
    Write-Step 'Making the Python environment in .venv (a few minutes the first time)'
    if (-not (Test-Path $Python)) { Invoke-Checked (Find-Python) @('-m', 'venv', $Venv) }
    Invoke-Checked $Python @('-m', 'pip', 'install', '--disable-pip-version-check', '-q', '--require-hashes', '-r', $Lock)
    $Packages = & $Python -c 'import sysconfig; print(sysconfig.get_path("purelib"))'
    Set-Content -Path (Join-Path $Packages 'checkout.pth') -Value $Root -Encoding Default
    Set-Content -Path $Stamp -Value $Wanted
}

function Invoke-Tests {
    Initialize-Environment 'packaging\lock-dev.txt'
    Write-Step 'Style, types, import contract'
    Invoke-Checked $Python @('-m', 'ruff', 'check', 'workstation', 'tests', 'packaging')
    Invoke-Checked $Python @('-m', 'mypy')
    Invoke-Checked (Join-Path $Venv 'Scripts\lint-imports.exe') @('--no-cache')
    Write-Step 'Tests'
    Invoke-Checked $Python (@('-m', 'pytest') + $Rest)
}

function Invoke-Signing([string[]]$Files) {
    if (-not $Certificate) {
        Write-Warning 'NOT SIGNED: no -Certificate THUMBPRINT was given. SmartScreen and AppLocker will stop this build.'
        return
    }
    $Sign = Get-Command signtool -ErrorAction SilentlyContinue
    if (-not $Sign) { throw 'signtool is not on the path (Windows SDK).' }
    Invoke-Checked $Sign.Source (@('sign', '/sha1', $Certificate, '/fd', 'SHA256', '/tr', $Timestamp, '/td', 'SHA256') + $Files)
}

function Find-InnoSetup {
    $Found = Get-Command ISCC -ErrorAction SilentlyContinue
    if ($Found) { return $Found.Source }
    foreach ($Base in ${env:ProgramFiles(x86)}, $env:ProgramFiles, "$env:LOCALAPPDATA\Programs") {
        $Candidate = Join-Path $Base 'Inno Setup 6\ISCC.exe'
        if (Test-Path $Candidate) { return $Candidate }
    }
    throw 'Inno Setup 6.3 or later is needed (ISCC.exe).'
}

function Invoke-Package {
    Initialize-Environment 'packaging\lock-dev.txt'
    Write-Step 'The program'
    Invoke-Checked $Python @('packaging\build.py')
    $Built = Join-Path $Root 'dist\cloudfilm-workstation'
    Invoke-Signing @((Join-Path $Built 'cloudfilm-workstation.exe'), (Join-Path $Built 'workstation.exe'))
    Write-Step 'Self-test of what was built'
    Invoke-Checked (Join-Path $Built 'workstation.exe') @('self-test')
    Write-Step 'The installer'
    $Version = & $Python -c 'import workstation; print(workstation.__version__)'
    $Arguments = @("/DVersion=$Version", "/DBuilt=$Built")
    if ($Mesa) {
        if (-not (Test-Path (Join-Path $Mesa 'opengl32.dll'))) { throw "There is no opengl32.dll in $Mesa" }
        $Arguments += "/DMesa=$Mesa"
    } else {
        Write-Warning 'WITHOUT MESA: no -Mesa FOLDER was given. On PCs whose driver cannot, 3D stays off.'
    }
    if ($Certificate) {
        $Signing = "signtool sign /sha1 $Certificate /fd SHA256 /tr $Timestamp /td SHA256 `$f"
        $Arguments += @('/DSign=1', "/Ssign=$Signing")
    }
    Invoke-Checked (Find-InnoSetup) ($Arguments + @('packaging\windows\cloudfilm.iss'))
    $Installer = Join-Path $Root "dist\cloudfilm-workstation-$Version-setup.exe"
    $Sum = (Get-FileHash $Installer -Algorithm SHA256).Hash.ToLower()
    Set-Content -Path "$Installer.sha256" -Value "$Sum  $(Split-Path -Leaf $Installer)"
    Write-Host "$Installer`nsha256 $Sum"
}

switch ($Command) {
    'run' {
        Initialize-Environment 'packaging\lock.txt'
        Invoke-Checked $Python (@('-m', 'workstation', 'demo') + $Rest)
    }
    'test' { Invoke-Tests }
    'package' { Invoke-Package }
    default { Get-Content $PSCommandPath | Select-Object -Skip 1 -First 4 | ForEach-Object { $_.TrimStart('# ') }; exit 2 }
}
