<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
  <context>
    <name>workstation</name>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>proxy found</source>
      <translation>找到代理</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>proxy reached</source>
      <translation>连上代理</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>proxy lets through</source>
      <translation>代理放行</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>server reached</source>
      <translation>连上服务器</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>certificate believed</source>
      <translation>证书可信</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>sign-in accepted</source>
      <translation>登录通过</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>answers a search</source>
      <translation>查询有应答</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>proxy</source>
      <translation>代理</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>certificates</source>
      <translation>证书</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>key store</source>
      <translation>密钥库</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>OpenGL</source>
      <translation>OpenGL</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>disk</source>
      <translation>磁盘</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>sources</source>
      <translation>影像源</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>resources</source>
      <translation>资源文件</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>languages</source>
      <translation>语言</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>crash reports</source>
      <translation>崩溃报告</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>rare characters</source>
      <translation>生僻字</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>{free} GB free</source>
      <translation>可用 {free} GB</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>answers</source>
      <translation>有应答</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>none: connections go out directly</source>
      <translation>无：直接连接</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>{count} in {folder}</source>
      <translation>{count} 份，在 {folder}</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>{step}: {reason}</source>
      <translation>{step}：{reason}</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>those of the operating system</source>
      <translation>使用操作系统的证书</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>none: passwords are kept in memory only</source>
      <translation>无：密码只保留在内存中</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>none</source>
      <translation>无</translation>
    </message>
    <message>
      <location filename="workstation/app/checks.py" />
      <source>none is configured</source>
      <translation>未配置</translation>
    </message>
    <message>
      <location filename="workstation/app/codes.py" />
      <source>There are {count} codes in this picture: choose one.</source>
      <translation>图片中有 {count} 个码：请选择一个。</translation>
    </message>
    <message>
      <location filename="workstation/app/codes.py" />
      <source>Looking for codes in the picture …</source>
      <translation>正在识别图片中的码 …</translation>
    </message>
    <message>
      <location filename="workstation/app/codes.py" />
      <source>This code does not lead to a film.</source>
      <translation>此码不指向任何影片。</translation>
    </message>
    <message>
      <location filename="workstation/app/codes.py" />
      <source>QR code</source>
      <translation>二维码</translation>
    </message>
    <message>
      <location filename="workstation/app/codes.py" />
      <source>Data Matrix</source>
      <translation>Data Matrix 码</translation>
    </message>
    <message>
      <location filename="workstation/app/codes.py" />
      <source>Aztec code</source>
      <translation>Aztec 码</translation>
    </message>
    <message>
      <location filename="workstation/app/codes.py" />
      <source>PDF417</source>
      <translation>PDF417 码</translation>
    </message>
    <message>
      <location filename="workstation/app/codes.py" />
      <source>Bar code (Code 128)</source>
      <translation>条形码（Code 128）</translation>
    </message>
    <message>
      <location filename="workstation/app/codes.py" />
      <source>Bar code (Code 39)</source>
      <translation>条形码（Code 39）</translation>
    </message>
    <message>
      <location filename="workstation/app/cold_films.py" />
      <source>asked for at {time}</source>
      <translation>{time} 请求</translation>
    </message>
    <message>
      <location filename="workstation/app/cold_films.py" />
      <source>Film ready</source>
      <translation>影像已就绪</translation>
    </message>
    <message>
      <location filename="workstation/app/forgetting.py" />
      <source>Kept films to delete: {count}. Delete the measurements on them, too ({measured})?</source>
      <translation>将删除保留的影像 {count} 份。其上的 {measured} 项测量也删除吗？</translation>
    </message>
    <message>
      <location filename="workstation/app/forgetting.py" />
      <source>Kept films that are deleted: {count}. Measurements on them: {measured}.</source>
      <translation>将删除保留的影像 {count} 份，其上有测量 {measured} 项。</translation>
    </message>
    <message>
      <location filename="workstation/app/forgetting.py" />
      <source>Forget this patient now: {who}? What is open is closed.</source>
      <translation>立即删除本机上该患者的影像：{who}？已打开的影像会关闭。</translation>
    </message>
    <message>
      <location filename="workstation/app/forgetting.py" />
      <source>Kept films that are deleted: {count}.</source>
      <translation>将删除保留的影像 {count} 份。</translation>
    </message>
    <message>
      <location filename="workstation/app/kept_films.py" />
      <source>as of {time}</source>
      <translation>截至 {time}</translation>
    </message>
    <message>
      <location filename="workstation/app/kept_films.py" />
      <source>until {time}</source>
      <translation>保留至 {time}</translation>
    </message>
    <message>
      <location filename="workstation/app/kept_films.py" />
      <source>stays</source>
      <translation>固定保留</translation>
    </message>
    <message>
      <location filename="workstation/app/kept_films.py" />
      <source>enter its link and passcode to open it</source>
      <translation>请输入链接和提取码打开</translation>
    </message>
    <message>
      <location filename="workstation/app/opening.py" />
      <source>There are films of several patients here: choose one.</source>
      <translation>此处有多位患者的影片：请选择一份。</translation>
    </message>
    <message>
      <location filename="workstation/app/opening.py" />
      <source>{count} films fit this number: choose one from the list.</source>
      <translation>共有 {count} 份影片符合此编号：请从列表中选择。</translation>
    </message>
    <message>
      <location filename="workstation/app/opening.py" />
      <source>Asking the source for the film …</source>
      <translation>正在向影像源查询影片…</translation>
    </message>
    <message>
      <location filename="workstation/app/opening.py" />
      <source>Found: {what}. Reading the list of images …</source>
      <translation>已找到：{what}。正在读取图像清单…</translation>
    </message>
    <message>
      <location filename="workstation/app/searching.py" />
      <source>Asking the source for {count} studies …</source>
      <translation>正在向来源请求 {count} 项检查 …</translation>
    </message>
    <message>
      <location filename="workstation/archive/connection.py" />
      <source>no way</source>
      <translation>没有通路</translation>
    </message>
    <message>
      <location filename="workstation/archive/proxies.py" />
      <source>no usable proxy in the answer</source>
      <translation>脚本未给出可用的代理</translation>
    </message>
    <message>
      <location filename="workstation/archive/proxies.py" />
      <source>no script engine</source>
      <translation>没有脚本引擎</translation>
    </message>
    <message>
      <location filename="workstation/archive/proxies.py" />
      <source>the script is too large</source>
      <translation>脚本过大</translation>
    </message>
    <message>
      <location filename="workstation/archive/proxies.py" />
      <source>the script cannot be read</source>
      <translation>脚本无法读取</translation>
    </message>
    <message>
      <location filename="workstation/archive/tls.py" />
      <source>no usable certificate and key</source>
      <translation>没有可用的证书和私钥</translation>
    </message>
    <message>
      <location filename="workstation/archive/tls.py" />
      <source>no certificate can be read from it</source>
      <translation>其中没有可读取的证书</translation>
    </message>
    <message>
      <location filename="workstation/cli/demonstration.py" />
      <source>Right knee CT, six weeks after the injury</source>
      <translation>右膝 CT，伤后六周</translation>
    </message>
    <message>
      <location filename="workstation/cli/demonstration.py" />
      <source>Right knee CT, on the day of the injury</source>
      <translation>右膝 CT，受伤当天</translation>
    </message>
    <message>
      <location filename="workstation/cli/demonstration.py" />
      <source>Right knee radiograph with a calibration ball</source>
      <translation>右膝正位片，带校准球</translation>
    </message>
    <message>
      <location filename="workstation/cli/demonstration.py" />
      <source>Head CT of a phantom (real data, CC BY 4.0)</source>
      <translation>头颅 CT 模体（真实数据，CC BY 4.0）</translation>
    </message>
    <message>
      <location filename="workstation/cli/demonstration.py" />
      <source>Screenshots: {folder}</source>
      <translation>截图：{folder}</translation>
    </message>
    <message>
      <location filename="workstation/cli/demonstration.py" />
      <source>Making the sample films …</source>
      <translation>正在生成示例影片…</translation>
    </message>
    <message>
      <location filename="workstation/cli/demonstration.py" />
      <source>Protected: passcode {passcode}</source>
      <translation>受保护：提取码 {passcode}</translation>
    </message>
    <message>
      <location filename="workstation/cli/demonstration.py" />
      <source>A link that has expired</source>
      <translation>已过期的链接</translation>
    </message>
    <message>
      <location filename="workstation/dicom/colour.py" />
      <source>palettes of different lengths</source>
      <translation>调色板长度不一致</translation>
    </message>
    <message>
      <location filename="workstation/dicom/colour.py" />
      <source>a palette without descriptor</source>
      <translation>调色板缺少描述</translation>
    </message>
    <message>
      <location filename="workstation/dicom/colour.py" />
      <source>a palette shorter than its descriptor says</source>
      <translation>调色板比描述短</translation>
    </message>
    <message>
      <location filename="workstation/dicom/colour.py" />
      <source>a palette without data</source>
      <translation>调色板没有数据</translation>
    </message>
    <message>
      <location filename="workstation/dicom/colour.py" />
      <source>a palette segment of unknown kind</source>
      <translation>未知类型的调色板分段</translation>
    </message>
    <message>
      <location filename="workstation/dicom/colour.py" />
      <source>a palette segment that points nowhere</source>
      <translation>调色板分段指向无效位置</translation>
    </message>
    <message>
      <location filename="workstation/dicom/part10.py" />
      <source>YBR_FULL_422 of an odd number of columns</source>
      <translation>列数为奇数的 YBR_FULL_422</translation>
    </message>
    <message>
      <location filename="workstation/dicom/part10.py" />
      <source>compressed or colour float pixel data</source>
      <translation>压缩的或彩色的浮点像素数据</translation>
    </message>
    <message>
      <location filename="workstation/selftest.py" />
      <source>Open a film</source>
      <translation>打开影片</translation>
    </message>
    <message>
      <location filename="workstation/selftest.py" />
      <source>software</source>
      <translation>软件渲染</translation>
    </message>
    <message>
      <location filename="workstation/selftest.py" />
      <source>graphics card</source>
      <translation>显卡</translation>
    </message>
    <message>
      <location filename="workstation/selftest.py" />
      <source>no font has {codes}: install a font for rare Chinese characters</source>
      <translation>没有字体能显示 {codes}：请安装含生僻字的中文字体</translation>
    </message>
    <message>
      <location filename="workstation/selftest.py" />
      <source>3D is off: {reason}</source>
      <translation>三维不可用：{reason}</translation>
    </message>
    <message>
      <location filename="workstation/settings.py" />
      <source>text</source>
      <translation>文字</translation>
    </message>
    <message>
      <location filename="workstation/settings.py" />
      <source>a whole number</source>
      <translation>整数</translation>
    </message>
    <message>
      <location filename="workstation/settings.py" />
      <source>a number</source>
      <translation>数字</translation>
    </message>
    <message>
      <location filename="workstation/settings.py" />
      <source>true or false</source>
      <translation>true 或 false</translation>
    </message>
    <message>
      <location filename="workstation/settings.py" />
      <source>a list of texts</source>
      <translation>文字列表</translation>
    </message>
    <message>
      <location filename="workstation/settings.py" />
      <source>a table</source>
      <translation>表</translation>
    </message>
    <message>
      <location filename="workstation/settings.py" />
      <source>a name of its own</source>
      <translation>不与其他影像源重复的名称</translation>
    </message>
    <message>
      <location filename="workstation/settings.py" />
      <source>must be given</source>
      <translation>必须填写</translation>
    </message>
    <message>
      <location filename="workstation/station/policy.py" />
      <source>something else</source>
      <translation>其他内容</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Film sheet {rows} × {columns}</source>
      <translation>胶片排版 {rows} × {columns}</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Confirm the patient</source>
      <translation>确认患者</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Open film</source>
      <translation>打开影片</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Back to the film door: paste a link or type a number</source>
      <translation>返回影片入口：粘贴链接或输入编号</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Open file…</source>
      <translation>打开文件…</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Open folder…</source>
      <translation>打开文件夹…</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Open from the clipboard</source>
      <translation>从剪贴板打开</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Code on the screen…</source>
      <translation>识别屏幕上的码…</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Search the sources</source>
      <translation>搜索影像来源</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Close the film</source>
      <translation>关闭影片</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Use what the source has now</source>
      <translation>改用来源现在的图像</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Forget this patient now…</source>
      <translation>立即删除该患者…</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Stop loading</source>
      <translation>停止加载</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Pause loading</source>
      <translation>暂停加载</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Only what is looked at is fetched until it goes on</source>
      <translation>在继续之前只加载正在查看的图像</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Fetch what is missing again</source>
      <translation>重新获取缺失的图像</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>What is missing</source>
      <translation>缺少的图像</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Window</source>
      <translation>窗</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Window: drag right for wider, down for brighter</source>
      <translation>调窗：向右拖动加宽，向下拖动变亮</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Pan</source>
      <translation>平移</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Pan: drag the image; the middle button always pans</source>
      <translation>平移：拖动图像；鼠标中键始终为平移</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Zoom</source>
      <translation>缩放</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Zoom: drag up to enlarge; the right button always zooms</source>
      <translation>缩放：向上拖动放大；鼠标右键始终为缩放</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Scroll</source>
      <translation>翻页</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Scroll: drag down through the images; so does the wheel</source>
      <translation>翻页：向下拖动逐幅浏览；滚轮亦可</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Measure</source>
      <translation>测量</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>The measuring tool used last; again for the next one</source>
      <translation>上次使用的测量工具；再按换下一个</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Fit</source>
      <translation>适合</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>The whole image</source>
      <translation>显示整幅图像</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>1:1</source>
      <translation>1:1</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>One image pixel on one screen pixel</source>
      <translation>一个图像像素对应一个屏幕像素</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Life size</source>
      <translation>真实大小</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Rotate</source>
      <translation>旋转</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>A quarter turn clockwise</source>
      <translation>顺时针旋转 90 度</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Rotate back</source>
      <translation>反向旋转</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Flip</source>
      <translation>镜像</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Mirror left to right; FLIPPED is shown as long as it is mirrored</source>
      <translation>左右镜像；镜像期间始终显示“已镜像”</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Flip upside down</source>
      <translation>上下翻转</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Invert</source>
      <translation>反色</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Swap black and white</source>
      <translation>黑白互换</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Reset</source>
      <translation>复位</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Window, zoom and orientation as at first</source>
      <translation>窗、缩放和方向恢复初始状态</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Texts</source>
      <translation>文字</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Hide the corner texts; identity and warnings stay</source>
      <translation>隐藏四角文字；患者身份和警示保留</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Overlays of the file</source>
      <translation>文件自带的叠加层</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Magnifier</source>
      <translation>放大镜</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>A lens under the pointer; + and − change its strength</source>
      <translation>跟随鼠标的放大镜；按 + 和 − 改变倍数</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Stronger lens</source>
      <translation>放大镜倍数加大</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Weaker lens</source>
      <translation>放大镜倍数减小</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Cine</source>
      <translation>电影</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Play the images; again to stop</source>
      <translation>连续播放图像；再按一次停止</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Window of the file</source>
      <translation>文件自带窗</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Next image</source>
      <translation>下一幅</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Previous image</source>
      <translation>上一幅</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Ten images on</source>
      <translation>向后十幅</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Ten images back</source>
      <translation>向前十幅</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>First image</source>
      <translation>第一幅</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Last image</source>
      <translation>最后一幅</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Next series</source>
      <translation>下一序列</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Previous series</source>
      <translation>上一序列</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Next viewport</source>
      <translation>下一视窗</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Previous viewport</source>
      <translation>上一视窗</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Viewport full screen and back</source>
      <translation>视窗放大与还原</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Copy</source>
      <translation>复制</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>The picture with identity and marks, to the clipboard</source>
      <translation>带患者身份和标记的图片复制到剪贴板</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Save…</source>
      <translation>保存…</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>The picture with identity and marks, as a PNG file</source>
      <translation>带患者身份和标记的图片保存为 PNG 文件</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Series strip</source>
      <translation>序列栏</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Report</source>
      <translation>报告</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>The report beside the images; again to fold it away</source>
      <translation>在图像旁显示报告；再按一次收起</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Measurements</source>
      <translation>测量</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Every measurement of this film; again to fold it away</source>
      <translation>此影片的全部测量；再按收起</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Another window</source>
      <translation>新窗口</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Close this extra window</source>
      <translation>关闭这个附加窗口</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Next window</source>
      <translation>下一个窗口</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>To the next monitor</source>
      <translation>移到下一台显示器</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Full screen</source>
      <translation>全屏</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Test patterns</source>
      <translation>测试图</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>中文 / English</source>
      <translation>中文 / English</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Speed of the sources</source>
      <translation>各来源的速度</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Settings</source>
      <translation>设置</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Manual</source>
      <translation>使用手册</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Shortcuts</source>
      <translation>快捷键</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Back one step</source>
      <translation>返回一步</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Neighbouring images of one series as tiles; again to go back</source>
      <translation>把一个序列的相邻图像排成一张胶片；再按一次返回</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>A picture with a code, or a link, that was copied</source>
      <translation>复制好的带码图片或链接</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Frame a QR code that is anywhere on the screen</source>
      <translation>框选屏幕上任意位置的二维码</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>The worklist: patients by name, pinyin or number, and by date</source>
      <translation>检查列表：按姓名、拼音、编号或日期查找患者</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Images that were kept and differ are fetched again, and the film is opened as it is now</source>
      <translation>重新获取与来源不一致的图像，并按来源现在的内容打开</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Close the film, and delete every kept film of this patient on this machine</source>
      <translation>关闭影像，并删除本机保留的该患者的全部影像</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Images that could not be had when the line or the source failed</source>
      <translation>因线路或影像源故障而未能取得的图像</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Which images of the film are not here, and why</source>
      <translation>哪些图像未到，原因是什么</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>A millimetre of the image is a millimetre on the glass</source>
      <translation>影像上的一毫米，在屏幕上就是一毫米</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Graphics and regions that came with the image</source>
      <translation>随图像一起来的图形和区域</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>More viewports of the same patient, for another monitor</source>
      <translation>同一患者的另一个窗口，可放到另一台显示器</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>TG270-sQC, TG270-pQC and one like TG18-QC over the whole monitor</source>
      <translation>全屏显示 TG270-sQC、TG270-pQC 和类 TG18-QC 测试图</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>How fast films came, source by source: to show where a cloud lets people wait</source>
      <translation>各来源的影像加载速度：用来说明哪个云让人等待</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>Sources, proxy, certificates, language, scanner, mouse and keys</source>
      <translation>来源、代理、证书、语言、扫码枪、鼠标和按键</translation>
    </message>
    <message>
      <location filename="workstation/ui/actions.py" />
      <source>The manual, at the page for where you are</source>
      <translation>打开手册中与当前页面对应的一页</translation>
    </message>
    <message>
      <location filename="workstation/ui/asked_secret.py" />
      <source>User name</source>
      <translation>用户名</translation>
    </message>
    <message>
      <location filename="workstation/ui/asked_secret.py" />
      <source>Password</source>
      <translation>密码</translation>
    </message>
    <message>
      <location filename="workstation/ui/asked_secret.py" />
      <source>Passcode</source>
      <translation>提取码</translation>
    </message>
    <message>
      <location filename="workstation/ui/bars.py" />
      <source>The character set that the file declares is wrong. By it the name reads: {name}</source>
      <translation>文件声明的字符集有误。按其声明，姓名读作：{name}</translation>
    </message>
    <message>
      <location filename="workstation/ui/bars.py" />
      <source>(no name)</source>
      <translation>(无姓名)</translation>
    </message>
    <message>
      <location filename="workstation/ui/bars.py" />
      <source>Repaired characters</source>
      <translation>文字编码已修复</translation>
    </message>
    <message>
      <location filename="workstation/ui/bars.py" />
      <source>Layout</source>
      <translation>布局</translation>
    </message>
    <message>
      <location filename="workstation/ui/bars.py" />
      <source>Viewports in rows and columns</source>
      <translation>视窗的行列布局</translation>
    </message>
    <message>
      <location filename="workstation/ui/bars.py" />
      <source>Not confirmed</source>
      <translation>未确认</translation>
    </message>
    <message>
      <location filename="workstation/ui/blanking.py" />
      <source>Press a key to go on</source>
      <translation>按任意键继续</translation>
    </message>
    <message>
      <location filename="workstation/ui/completeness_panel.py" />
      <source>{series}: {received} of {expected}</source>
      <translation>{series}：{received} / {expected}</translation>
    </message>
    <message>
      <location filename="workstation/ui/completeness_panel.py" />
      <source>A series that the source counts and does not list: {count} images</source>
      <translation>来源计数但未列出的序列：{count} 幅图像</translation>
    </message>
    <message>
      <location filename="workstation/ui/completeness_panel.py" />
      <source>Files of which nobody knows what they are: {count}</source>
      <translation>无法识别的文件：{count} 个</translation>
    </message>
    <message>
      <location filename="workstation/ui/completeness_panel.py" />
      <source>Images that the source has otherwise now: {count}</source>
      <translation>与来源现在不一致的图像：{count} 幅</translation>
    </message>
    <message>
      <location filename="workstation/ui/completeness_panel.py" />
      <source>What is missing, and why:</source>
      <translation>缺少的内容与原因：</translation>
    </message>
    <message>
      <location filename="workstation/ui/completeness_panel.py" />
      <source>{count} not fetched, or counted by the source and not listed</source>
      <translation>{count} 幅未获取，或来源计数但未列出</translation>
    </message>
    <message>
      <location filename="workstation/ui/completeness_panel.py" />
      <source>{count} slices are missing between the positions</source>
      <translation>按位置推算缺少 {count} 层</translation>
    </message>
    <message>
      <location filename="workstation/ui/completeness_panel.py" />
      <source>What was kept on this machine first is shown; each of them is marked.</source>
      <translation>显示的是本机先保留的图像，每一幅都已标记。</translation>
    </message>
    <message>
      <location filename="workstation/ui/completeness_panel.py" />
      <source>Everything that the source lists is here, whole and checked.</source>
      <translation>来源列出的全部内容均已到齐，完整并经核对。</translation>
    </message>
    <message>
      <location filename="workstation/ui/completeness_panel.py" />
      <source>… and {count} series more</source>
      <translation>……另有 {count} 个序列</translation>
    </message>
    <message>
      <location filename="workstation/ui/completeness_panel.py" />
      <source>Still loading: {received} of {expected} are here.</source>
      <translation>仍在加载：已到 {received} / {expected}。</translation>
    </message>
    <message>
      <location filename="workstation/ui/completeness_panel.py" />
      <source>Loading was stopped: {received} of {expected} are here.</source>
      <translation>加载已停止：已到 {received} / {expected}。</translation>
    </message>
    <message>
      <location filename="workstation/ui/deeds.py" />
      <source>Save picture</source>
      <translation>保存图片</translation>
    </message>
    <message>
      <location filename="workstation/ui/deeds.py" />
      <source>Open a file</source>
      <translation>打开文件</translation>
    </message>
    <message>
      <location filename="workstation/ui/deeds.py" />
      <source>Open a folder</source>
      <translation>打开文件夹</translation>
    </message>
    <message>
      <location filename="workstation/ui/deeds.py" />
      <source>The picture is on the clipboard.</source>
      <translation>图片已复制到剪贴板。</translation>
    </message>
    <message>
      <location filename="workstation/ui/deeds.py" />
      <source>Saved: {file}</source>
      <translation>已保存：{file}</translation>
    </message>
    <message>
      <location filename="workstation/ui/film_door.py" />
      <source>Scan a code, paste a link, or type an accession number</source>
      <translation>扫码、粘贴链接，或输入检查号</translation>
    </message>
    <message>
      <location filename="workstation/ui/film_door.py" />
      <source>Code, link or accession number</source>
      <translation>码、链接或检查号</translation>
    </message>
    <message>
      <location filename="workstation/ui/film_door.py" />
      <source>Film link</source>
      <translation>影片链接</translation>
    </message>
    <message>
      <location filename="workstation/ui/film_door.py" />
      <source>Open</source>
      <translation>打开</translation>
    </message>
    <message>
      <location filename="workstation/ui/film_door.py" />
      <source>Cancel</source>
      <translation>取消</translation>
    </message>
    <message>
      <location filename="workstation/ui/film_door.py" />
      <source>The program ended unexpectedly. A report without patient data: {file}</source>
      <translation>程序上次意外退出。已生成不含患者信息的报告：{file}</translation>
    </message>
    <message>
      <location filename="workstation/ui/film_door.py" />
      <source>Reading files: {done} of {total}</source>
      <translation>正在读取文件：{done} / {total}</translation>
    </message>
    <message>
      <location filename="workstation/ui/forgetting.py" />
      <source>Delete the films, keep the measurements</source>
      <translation>删除影像，保留测量</translation>
    </message>
    <message>
      <location filename="workstation/ui/forgetting.py" />
      <source>Delete both</source>
      <translation>影像和测量都删除</translation>
    </message>
    <message>
      <location filename="workstation/ui/forgetting.py" />
      <source>Delete</source>
      <translation>删除</translation>
    </message>
    <message>
      <location filename="workstation/ui/glass_window.py" />
      <source>Window {number}</source>
      <translation>窗口 {number}</translation>
    </message>
    <message>
      <location filename="workstation/ui/keys.py" />
      <source>a key such as J or Ctrl+I</source>
      <translation>一个按键，例如 J 或 Ctrl+I</translation>
    </message>
    <message>
      <location filename="workstation/ui/language.py" />
      <source>1 image</source>
      <translation>1 幅图像</translation>
    </message>
    <message>
      <location filename="workstation/ui/language.py" />
      <source>{count} images</source>
      <translation>{count} 幅图像</translation>
    </message>
    <message>
      <location filename="workstation/ui/luminance_window.py" />
      <source>Levels are missing: measure all of them.</source>
      <translation>有灰阶没有测：请全部测完。</translation>
    </message>
    <message>
      <location filename="workstation/ui/luminance_window.py" />
      <source>A brighter level has less light than a darker one: measure it again.</source>
      <translation>较亮的灰阶反而比较暗的灰阶更暗：请重测这一级。</translation>
    </message>
    <message>
      <location filename="workstation/ui/luminance_window.py" />
      <source>There is too little light in these figures: are they cd/m²?</source>
      <translation>这些数值太小：单位是 cd/m² 吗？</translation>
    </message>
    <message>
      <location filename="workstation/ui/luminance_window.py" />
      <source>Patch {number} of {count}: level {level}. Type what the meter reads, then Enter.</source>
      <translation>第 {number} / {count} 块：灰阶 {level}。输入亮度计的读数，按回车。</translation>
    </message>
    <message>
      <location filename="workstation/ui/luminance_window.py" />
      <source>Contrast so far: {percent} % off</source>
      <translation>到目前为止，对比度偏差 {percent} %</translation>
    </message>
    <message>
      <location filename="workstation/ui/luminance_window.py" />
      <source>Luminance in cd/m²</source>
      <translation>亮度（cd/m²）</translation>
    </message>
    <message>
      <location filename="workstation/ui/luminance_window.py" />
      <source>Back</source>
      <translation>上一块</translation>
    </message>
    <message>
      <location filename="workstation/ui/luminance_window.py" />
      <source>Next</source>
      <translation>下一块</translation>
    </message>
    <message>
      <location filename="workstation/ui/luminance_window.py" />
      <source>Light of the room: hold the meter a hand's breadth from the dark screen, the room as it is while films are read. 0 for a meter that touches the glass in the dark.</source>
      <translation>环境光：屏幕保持黑色，室内光线与阅片时相同，亮度计离屏幕一掌远测量。若亮度计贴着屏幕、周围全黑，则填 0。</translation>
    </message>
    <message>
      <location filename="workstation/ui/luminance_window.py" />
      <source>Check the luminances</source>
      <translation>检查亮度</translation>
    </message>
    <message>
      <location filename="workstation/ui/luminance_window.py" />
      <source>Measure the luminances</source>
      <translation>测量亮度</translation>
    </message>
    <message>
      <location filename="workstation/ui/luminance_window.py" />
      <source>A number from 0 to {most} cd/m² is needed here.</source>
      <translation>此处需填写 0 至 {most} 之间的数字（cd/m²）。</translation>
    </message>
    <message>
      <location filename="workstation/ui/manual_page.py" />
      <source>Getting started</source>
      <translation>开始使用</translation>
    </message>
    <message>
      <location filename="workstation/ui/manual_page.py" />
      <source>Opening a film</source>
      <translation>打开影片</translation>
    </message>
    <message>
      <location filename="workstation/ui/manual_page.py" />
      <source>Search</source>
      <translation>搜索</translation>
    </message>
    <message>
      <location filename="workstation/ui/manual_page.py" />
      <source>Reading images</source>
      <translation>阅片</translation>
    </message>
    <message>
      <location filename="workstation/ui/manual_page.py" />
      <source>Measuring</source>
      <translation>测量方法</translation>
    </message>
    <message>
      <location filename="workstation/ui/manual_page.py" />
      <source>Windows and monitors</source>
      <translation>窗口与显示器</translation>
    </message>
    <message>
      <location filename="workstation/ui/manual_page.py" />
      <source>Reports</source>
      <translation>报告</translation>
    </message>
    <message>
      <location filename="workstation/ui/manual_page.py" />
      <source>Copying and saving</source>
      <translation>复制与保存</translation>
    </message>
    <message>
      <location filename="workstation/ui/manual_page.py" />
      <source>When something goes wrong</source>
      <translation>遇到问题</translation>
    </message>
    <message>
      <location filename="workstation/ui/manual_page.py" />
      <source>Privacy</source>
      <translation>隐私</translation>
    </message>
    <message>
      <location filename="workstation/ui/manual_page.py" />
      <source>Search the manual</source>
      <translation>在手册中查找</translation>
    </message>
    <message>
      <location filename="workstation/ui/manual_page.py" />
      <source>Pages of the manual</source>
      <translation>手册目录</translation>
    </message>
    <message>
      <location filename="workstation/ui/manual_page.py" />
      <source>Nothing found.</source>
      <translation>没有找到。</translation>
    </message>
    <message>
      <location filename="workstation/ui/mark_entry.py" />
      <source>Known length, mm</source>
      <translation>已知长度，mm</translation>
    </message>
    <message>
      <location filename="workstation/ui/mark_entry.py" />
      <source>Words</source>
      <translation>文字内容</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Length</source>
      <translation>长度</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Length: drag from end to end, or click both</source>
      <translation>长度：从一端拖到另一端，或分别单击两端</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Angle</source>
      <translation>角度</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Angle: one arm, the vertex, the other arm</source>
      <translation>角度：一边、顶点、另一边</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Angle of two lines</source>
      <translation>两线夹角</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Draw one line, then the other</source>
      <translation>先画一条线，再画另一条</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Cobb angle</source>
      <translation>Cobb 角</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Cobb angle: along the upper end plate, then along the lower</source>
      <translation>Cobb 角：先沿上终板画线，再沿下终板</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Bidirectional</source>
      <translation>长短径</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>The long axis, then the short one</source>
      <translation>先画长径，再画短径</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Perpendicular</source>
      <translation>垂线</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Draw a line, then click the point</source>
      <translation>先画一条线，再单击一点</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Parallel</source>
      <translation>平行线</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Draw a line, then click where its parallel runs</source>
      <translation>先画一条线，再单击平行线的位置</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Circle</source>
      <translation>圆</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Circle: click three points of its edge</source>
      <translation>圆：单击圆周上三点</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Ellipse</source>
      <translation>椭圆</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Ellipse: drag the box that it fills; area and values</source>
      <translation>椭圆：拖出外接框；显示面积和像素值</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Rectangle</source>
      <translation>矩形</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Rectangle: drag from corner to corner; area and values</source>
      <translation>矩形：从一角拖到对角；显示面积和像素值</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Polygon</source>
      <translation>多边形</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Polygon: click its corners; a double click closes it</source>
      <translation>多边形：逐点单击，双击闭合</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Freehand</source>
      <translation>手绘区域</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Freehand: drag around the region</source>
      <translation>手绘：沿区域边缘拖动</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Arrow</source>
      <translation>箭头</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Arrow: drag to what it points at; words may follow</source>
      <translation>箭头：拖到所指处，可再输入文字</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Text</source>
      <translation>文字</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Text: click, type, Enter</source>
      <translation>文字：单击后输入，按回车键</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Probe</source>
      <translation>点值</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Probe: click a pixel; its value stays</source>
      <translation>点值：单击像素，数值保留在图上</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Calibrate by a known length</source>
      <translation>按已知长度校准</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Draw along an object of known size, then type its length</source>
      <translation>沿已知尺寸的物体画线，再输入长度</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Undo</source>
      <translation>撤销</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Redo</source>
      <translation>重做</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Delete the measurement</source>
      <translation>删除测量</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Name the measurement…</source>
      <translation>命名测量…</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Words beside it; of a calibration, its length</source>
      <translation>旁注文字；校准则为其长度</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Nudge to the left</source>
      <translation>向左微移</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Nudge to the right</source>
      <translation>向右微移</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Nudge up</source>
      <translation>向上微移</translation>
    </message>
    <message>
      <location filename="workstation/ui/measure_actions.py" />
      <source>Nudge down</source>
      <translation>向下微移</translation>
    </message>
    <message>
      <location filename="workstation/ui/measurement_panel.py" />
      <source>Kept on this machine, encrypted, with the film.</source>
      <translation>已加密保存在本机，随影片保留。</translation>
    </message>
    <message>
      <location filename="workstation/ui/measurement_panel.py" />
      <source>Not kept after closing: this machine has no key store.</source>
      <translation>关闭后不保留：本机没有密钥库。</translation>
    </message>
    <message>
      <location filename="workstation/ui/measurement_panel.py" />
      <source>Not kept: the disk refuses. Copy what you need, then tell IT.</source>
      <translation>未保存：磁盘无法写入。请先复制所需内容，再告知信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/measurement_panel.py" />
      <source>Some of what was kept with this film could not be read. What is new is kept.</source>
      <translation>此影片保存的部分测量无法读取；新的测量会保存。</translation>
    </message>
    <message>
      <location filename="workstation/ui/measurement_panel.py" />
      <source>Save as a table</source>
      <translation>保存为表格</translation>
    </message>
    <message>
      <location filename="workstation/ui/measurement_panel.py" />
      <source>Nothing is measured yet. Choose a tool with M, or from the tool bar.</source>
      <translation>还没有测量。按 M 键或从工具栏选择工具。</translation>
    </message>
    <message>
      <location filename="workstation/ui/measurement_panel.py" />
      <source>Name</source>
      <translation>名称</translation>
    </message>
    <message>
      <location filename="workstation/ui/measurement_panel.py" />
      <source>Figures</source>
      <translation>数值</translation>
    </message>
    <message>
      <location filename="workstation/ui/measurement_panel.py" />
      <source>Copy as text</source>
      <translation>复制为文字</translation>
    </message>
    <message>
      <location filename="workstation/ui/measurement_panel.py" />
      <source>Save as a table (CSV)…</source>
      <translation>保存为表格（CSV）…</translation>
    </message>
    <message>
      <location filename="workstation/ui/measurement_panel.py" />
      <source>Fold away</source>
      <translation>收起</translation>
    </message>
    <message>
      <location filename="workstation/ui/measurement_panel.py" />
      <source>Series</source>
      <translation>序列</translation>
    </message>
    <message>
      <location filename="workstation/ui/measurement_panel.py" />
      <source>Image</source>
      <translation>图像</translation>
    </message>
    <message>
      <location filename="workstation/ui/menus.py" />
      <source>Presentation state</source>
      <translation>显示状态</translation>
    </message>
    <message>
      <location filename="workstation/ui/menus.py" />
      <source>Without presentation state</source>
      <translation>不使用显示状态</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>Something unexpected went wrong ({kind}): try again, then tell IT.</source>
      <translation>发生意外错误（{kind}）：请重试，仍不行请告知信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The passcode is wrong ({remaining} tries left): check it with the patient.</source>
      <translation>提取码错误（还可尝试 {remaining} 次）：请与患者核对。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The password for “{source}” is not known here: enter it, or ask IT to store it.</source>
      <translation>本机不知道“{source}”的密码：请输入，或请信息科保存。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The settings file has an unknown entry “{key}”: remove it.</source>
      <translation>设置文件中有未知条目“{key}”：请删除。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The settings file {file} cannot be read: check that it exists and is UTF-8 text.</source>
      <translation>无法读取设置文件 {file}：请检查文件是否存在且为 UTF-8 文本。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The settings file {file} is wrong in line {line}, column {column} ({reason}): mend it there.</source>
      <translation>设置文件 {file} 第 {line} 行第 {column} 列有误（{reason}）：请在该处改正。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The settings file has an unknown entry “{key}”: remove it, or did you mean “{suggestion}”?</source>
      <translation>设置文件中有未知条目“{key}”：请删除，或是否应为“{suggestion}”？</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The settings entry “{key}” must be {expected}, but it is {found}: correct it.</source>
      <translation>设置条目“{key}”应为{expected}，实际为{found}：请改正。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The settings entry “{key}” has a value that cannot be used; allowed: {reason}.</source>
      <translation>设置条目“{key}”的值不可用；允许：{reason}。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The key {key} is given to more than one command ({commands}) and does nothing: change it in the settings.</source>
      <translation>按键 {key} 同时分配给多个命令（{commands}），因此不起作用：请在设置中更改。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>Nothing was entered: paste the film's link, or type a study UID or an accession number.</source>
      <translation>没有输入内容：请粘贴影片链接，或输入检查 UID 或检查号。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>This is not a film link: copy the whole link from the message, or type a study UID or an accession number.</source>
      <translation>这不是影片链接：请复制短信中的完整链接，或输入检查 UID 或检查号。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>No source is configured for “{host}”: ask IT to add it to the settings.</source>
      <translation>未配置影像源“{host}”：请联系信息科添加到设置中。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The link to “{host}” is not encrypted (http) and was not opened: ask for an https link.</source>
      <translation>到“{host}”的链接未加密（http），未打开：请索取 https 链接。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The link holds a study number that cannot be right: copy the whole link again.</source>
      <translation>链接中的检查编号不正确：请重新复制完整链接。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>No image source is configured yet: paste a full link, or ask IT to add a source.</source>
      <translation>尚未配置影像源：请粘贴完整链接，或联系信息科添加影像源。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The link has expired: ask the patient to share the film again.</source>
      <translation>链接已过期：请患者重新分享影片。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>This film is protected: enter the passcode that the patient received.</source>
      <translation>此影片受保护：请输入患者收到的提取码。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The passcode is wrong: check it with the patient and enter it again.</source>
      <translation>提取码错误：请与患者核对后重新输入。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The link names several patients: open one film at a time.</source>
      <translation>链接包含多位患者：请一次打开一份影片。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The source has no such film: check the number, or ask the patient to share it again.</source>
      <translation>影像源中没有此影片：请核对编号，或请患者重新分享。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>There is no file or folder “{file}”: check its name.</source>
      <translation>没有文件或文件夹“{file}”：请检查名称。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>There are no DICOM images in this folder: choose the folder that holds the film.</source>
      <translation>此文件夹中没有 DICOM 图像：请选择存放影片的文件夹。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>No code was found in this picture: frame or photograph it closer and sharper, or paste the link.</source>
      <translation>图片中没有找到码：请靠近并对焦后重新框选或拍摄，或者直接粘贴链接。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>None of the {count} codes in this picture leads to a film: ask for the film's own code.</source>
      <translation>图片中的 {count} 个码都不是影片的码：请向对方索取影片的二维码。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>This picture cannot be read: save it as PNG or JPEG and open it again.</source>
      <translation>无法读取这张图片：请另存为 PNG 或 JPEG 后重新打开。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>This picture is too large to search for codes: cut out the part with the code.</source>
      <translation>图片太大，无法识别：请裁剪出带码的部分。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>Nothing that can be opened was copied: copy the picture or the link first.</source>
      <translation>剪贴板中没有可以打开的内容：请先复制图片或链接。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The hospital proxy {proxy} does not answer: check the network cable, then ask IT.</source>
      <translation>医院代理 {proxy} 无响应：请检查网线，仍不行请联系信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The hospital proxy {proxy} asks for a name and a password: enter them, or ask IT.</source>
      <translation>医院代理 {proxy} 要求用户名和密码：请输入，或联系信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The hospital proxy {proxy} does not accept the password: enter it again, or ask IT.</source>
      <translation>医院代理 {proxy} 不接受该密码：请重新输入，或联系信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The hospital proxy {proxy} does not allow {host}:{port}: ask IT to release it.</source>
      <translation>医院代理 {proxy} 不允许访问 {host}:{port}：请联系信息科放行。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The hospital proxy {proxy} could not connect (status {status}): try again, then ask IT.</source>
      <translation>医院代理 {proxy} 无法连接（状态 {status}）：请重试，仍不行请联系信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The proxy script of the hospital cannot be used ({reason}): ask IT.</source>
      <translation>医院的代理脚本无法使用（{reason}）：请联系信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The settings file is wrong, so nothing is sent: mend the settings first.</source>
      <translation>设置文件有误，因此不发送任何请求：请先改正设置。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The address {host} is not known here: check the link, then ask IT.</source>
      <translation>无法识别地址 {host}：请检查链接，仍不行请联系信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The cloud {host} does not answer: try again in a minute.</source>
      <translation>云平台 {host} 无响应：请一分钟后重试。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The certificate of {host} comes from an unknown authority ({issuer}), so nothing was opened: ask IT.</source>
      <translation>{host} 的证书由未知机构（{issuer}）签发，未打开任何内容：请联系信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The certificate does not belong to {host}, so nothing was opened: ask IT.</source>
      <translation>证书不属于 {host}，未打开任何内容：请联系信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The certificate of {host} has expired, so nothing was opened: check this PC's date, then ask IT.</source>
      <translation>{host} 的证书已过期，未打开任何内容：请检查本机日期，再联系信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>No secure connection to {host} could be made ({reason}): ask IT.</source>
      <translation>无法与 {host} 建立安全连接（{reason}）：请联系信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>{host} wants a certificate of this workstation: ask IT to install one.</source>
      <translation>{host} 要求本工作站出示证书：请联系信息科安装。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>{host} was silent for {seconds} s: try again.</source>
      <translation>{host} 已 {seconds} 秒无响应：请重试。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The connection to {host} broke: try again.</source>
      <translation>与 {host} 的连接中断：请重试。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>{host} failed several times in a row and is tried again by itself: wait, or ask IT.</source>
      <translation>{host} 连续多次没有响应，程序会自动重试：请稍候，或联系信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>{host} does not accept this link or sign-in (it may have expired): ask for a new link.</source>
      <translation>{host} 不接受此链接或登录（可能已过期）：请索取新链接。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>{host} does not permit this: the link may be for another film; ask for a new one.</source>
      <translation>{host} 不允许此操作：链接可能属于其他影片，请索取新链接。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>{host} does not have this film any more: ask the patient to share it again.</source>
      <translation>{host} 已没有此影片：请患者重新分享。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>{host} did not understand the request (status {status}): tell IT.</source>
      <translation>{host} 无法理解请求（状态 {status}）：请告知信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>{host} is busy: try again in {seconds} s.</source>
      <translation>{host} 繁忙：请 {seconds} 秒后重试。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>{host} is fetching this from its store: ask for it again in a few minutes.</source>
      <translation>{host} 正在从归档存储中调取：请几分钟后再打开。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>{host} has a fault of its own (status {status}): try again in a minute.</source>
      <translation>{host} 自身故障（状态 {status}）：请一分钟后重试。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>{host} sends us on to {other}, which is not allowed: ask IT.</source>
      <translation>{host} 将请求转向 {other}，这是不允许的：请联系信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The transfer broke off before it was complete: open the film again.</source>
      <translation>传输在完成前中断：请重新打开影片。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>No data came for {seconds} s: open the film again.</source>
      <translation>{seconds} 秒内没有数据：请重新打开影片。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The data is not as long as announced and was refused: open the film again.</source>
      <translation>数据长度与声明不符，已拒绝：请重新打开影片。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The data ended too early and was refused: open the film again.</source>
      <translation>数据提前结束，已拒绝：请重新打开影片。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The answer of the cloud is damaged and was refused: open the film again, then tell IT.</source>
      <translation>云平台的应答已损坏，已拒绝：请重新打开影片，仍不行请告知信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The link leads to something else ({content_type}), not to images: ask for the film's link.</source>
      <translation>链接指向其他内容（{content_type}），不是图像：请索取影片链接。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The answer is larger than allowed and was refused: tell IT.</source>
      <translation>应答超过允许的大小，已拒绝：请告知信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The cloud sent another image than the one asked for; it was refused: tell IT.</source>
      <translation>云平台发来的不是所请求的图像，已拒绝：请告知信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The cloud sent an image of another series; it was refused: tell IT.</source>
      <translation>云平台发来另一序列的图像，已拒绝：请告知信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The cloud sent an image of another examination; it was refused: tell IT.</source>
      <translation>云平台发来另一检查的图像，已拒绝：请告知信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The cloud sent an image of ANOTHER PATIENT; it was refused: tell IT.</source>
      <translation>云平台发来“另一位患者”的图像，已拒绝：请告知信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>This is not a DICOM image: choose a DICOM file.</source>
      <translation>这不是 DICOM 图像：请选择 DICOM 文件。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The image is not complete and was refused: fetch or copy it again.</source>
      <translation>图像不完整，已拒绝：请重新获取或复制。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The image is damaged and was refused: fetch or copy it again.</source>
      <translation>图像已损坏，已拒绝：请重新获取或复制。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The image exceeds what is safe to open ({what}) and was refused: tell IT.</source>
      <translation>图像超出可安全打开的范围（{what}），已拒绝：请告知信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>This object holds no picture ({what}): open it with the program it belongs to.</source>
      <translation>此对象不含图像（{what}）：请用相应的程序打开。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>Images of this kind cannot be shown yet ({syntax}): ask for another format.</source>
      <translation>暂不能显示此类图像（{syntax}）：请索取其他格式。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>Pixels of this kind cannot be shown yet ({reason}): ask for another format.</source>
      <translation>暂不能显示此类像素（{reason}）：请索取其他格式。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>Two different files claim to be the same image, so one was refused: fetch the film again.</source>
      <translation>两个不同的文件声称是同一幅图像，已拒绝其中一个：请重新获取影片。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>A report of this kind cannot be shown ({what}): open it where it was made.</source>
      <translation>无法显示此类报告（{what}）：请在出具报告的系统中打开。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>There is no image {frame}: the object has {frames}.</source>
      <translation>没有第 {frame} 幅图像：该对象共 {frames} 幅。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The picture cannot be unpacked and is not shown: fetch it again, then tell IT.</source>
      <translation>图像无法解压，不予显示：请重新获取，仍不行请告知信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>Unpacking the picture took longer than {seconds} s and was stopped: tell IT.</source>
      <translation>图像解压超过 {seconds} 秒，已停止：请告知信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The picture made the unpacker fail; it is not shown: tell IT.</source>
      <translation>该图像使解压程序失败，不予显示：请告知信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The picture is not of the size it declares; it is not shown: tell IT.</source>
      <translation>图像大小与声明不符，不予显示：请告知信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The report is protected by a password and cannot be shown: ask whoever wrote it.</source>
      <translation>报告受密码保护，无法显示：请联系报告医师。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The report is damaged and cannot be shown: fetch it again, then tell IT.</source>
      <translation>报告已损坏，无法显示：请重新获取，仍不行请联系信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The report could not be drawn and was given up: tell IT.</source>
      <translation>报告无法绘制，已停止：请联系信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>This workstation does not allow it ({act}): ask IT.</source>
      <translation>本工作站不允许此操作（{act}）：请联系信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The password “{name}” is not known here: enter it, or ask IT to store it.</source>
      <translation>本机没有密码“{name}”：请输入，或联系信息科保存。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>This workstation has no key store: passwords are kept only until the program ends.</source>
      <translation>本工作站没有密钥库：密码只保留到程序结束。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>Life size needs to know how large this monitor's pixels are: hold a card to it once, in the settings under Monitors.</source>
      <translation>要按真实大小显示，须先知道这台显示器的像素有多大：请在设置的“显示器”里用卡片量一次。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>This monitor's pixels are not as high as they are wide: set its own resolution in the system, then measure again.</source>
      <translation>这台显示器的像素高宽不等：请在系统里设为它的原始分辨率，再重新测量。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>This image does not say how large its pixels are, so it has no life size: calibrate it by a known length.</source>
      <translation>这幅影像没有说明像素大小，无法按真实大小显示：请用已知长度标定。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The hospital withdrew this image for the patient's safety; it is not shown: ask the department that took it.</source>
      <translation>为保障患者安全，医院已撤回此图像，不予显示：请询问拍摄科室。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The hospital withdrew this image, taken under a wrong order; it is not shown: ask the department that took it.</source>
      <translation>此图像拍摄时检查单有误，医院已撤回，不予显示：请询问拍摄科室。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The hospital withdrew this image as its time of keeping is over; it is not shown: ask the archive.</source>
      <translation>此图像已过保存期限，医院已撤回，不予显示：请询问影像存档部门。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>Images of this film are not the same at its source any more: open it again to see them as they are now.</source>
      <translation>此影像与来源处的已不一致：请重新打开，以查看来源处现有的图像。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>{count} images were kept here otherwise than their source has them now. What was kept is shown, and marked: right click, Use what the source has now.</source>
      <translation>有 {count} 幅图像与来源现在的不一致。显示的是本机先保留的图像，并已标记；如需改用，请点右键，选“改用来源现在的图像”。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>The file cannot be written ({reason}): choose another place.</source>
      <translation>无法写入文件（{reason}）：请选择其他位置。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>This desktop does not let programs see the screen: take a screenshot and paste it, or drop it here.</source>
      <translation>此桌面不允许程序读取屏幕：请先截图，再粘贴或拖放到这里。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>There is no screen to show the window on: use a command that works without one.</source>
      <translation>没有可显示窗口的屏幕：请使用无需屏幕的命令。</translation>
    </message>
    <message>
      <location filename="workstation/ui/messages.py" />
      <source>Called off.</source>
      <translation>已取消。</translation>
    </message>
    <message>
      <location filename="workstation/ui/offers.py" />
      <source>Films</source>
      <translation>影片列表</translation>
    </message>
    <message>
      <location filename="workstation/ui/offers.py" />
      <source>Let it go when room is needed</source>
      <translation>需要空间时可以删除</translation>
    </message>
    <message>
      <location filename="workstation/ui/offers.py" />
      <source>Keep it when room is needed</source>
      <translation>需要空间时保留</translation>
    </message>
    <message>
      <location filename="workstation/ui/offers.py" />
      <source>Choose a film</source>
      <translation>请选择影片</translation>
    </message>
    <message>
      <location filename="workstation/ui/offers.py" />
      <source>These films were open when the program ended</source>
      <translation>程序退出时打开的影片</translation>
    </message>
    <message>
      <location filename="workstation/ui/offers.py" />
      <source>Sample films (DEMO)</source>
      <translation>示例影片 (DEMO)</translation>
    </message>
    <message>
      <location filename="workstation/ui/offers.py" />
      <source>Kept on this machine, encrypted</source>
      <translation>本机加密保留的影像</translation>
    </message>
    <message>
      <location filename="workstation/ui/offers.py" />
      <source>Forget all kept films</source>
      <translation>删除全部保留的影像</translation>
    </message>
    <message>
      <location filename="workstation/ui/offers.py" />
      <source>Forget these films</source>
      <translation>不再显示这些影片</translation>
    </message>
    <message>
      <location filename="workstation/ui/offers.py" />
      <source>Forget this film</source>
      <translation>删除这份影像</translation>
    </message>
    <message>
      <location filename="workstation/ui/other_ways.py" />
      <source>From the clipboard</source>
      <translation>从剪贴板打开</translation>
    </message>
    <message>
      <location filename="workstation/ui/other_ways.py" />
      <source>Back to the film</source>
      <translation>返回影片</translation>
    </message>
    <message>
      <location filename="workstation/ui/questions.py" />
      <source>Is this {who}, ID {id}?</source>
      <translation>患者是 {who}，ID {id} 吗？</translation>
    </message>
    <message>
      <location filename="workstation/ui/questions.py" />
      <source>Yes, this patient (Enter)</source>
      <translation>是该患者 (Enter)</translation>
    </message>
    <message>
      <location filename="workstation/ui/questions.py" />
      <source>No, close the film</source>
      <translation>不是，关闭影片</translation>
    </message>
    <message>
      <location filename="workstation/ui/questions.py" />
      <source>This film is of ANOTHER PATIENT: {who}. Open it in its own window?</source>
      <translation>此影片属于另一位患者：{who}。是否在独立窗口中打开？</translation>
    </message>
    <message>
      <location filename="workstation/ui/questions.py" />
      <source>Open in its own window</source>
      <translation>在独立窗口中打开</translation>
    </message>
    <message>
      <location filename="workstation/ui/questions.py" />
      <source>Do not open</source>
      <translation>不打开</translation>
    </message>
    <message>
      <location filename="workstation/ui/questions.py" />
      <source>Close</source>
      <translation>关闭</translation>
    </message>
    <message>
      <location filename="workstation/ui/questions.py" />
      <source>Later</source>
      <translation>稍后</translation>
    </message>
    <message>
      <location filename="workstation/ui/reading_page.py" />
      <source>as of {time}, checking</source>
      <translation>截至 {time}，正在核对</translation>
    </message>
    <message>
      <location filename="workstation/ui/reading_page.py" />
      <source>checked {time}</source>
      <translation>已核对 {time}</translation>
    </message>
    <message>
      <location filename="workstation/ui/reading_page.py" />
      <source>changed at its source: open it again to see it as it is now</source>
      <translation>来源处已更改：重新打开可查看现在的图像</translation>
    </message>
    <message>
      <location filename="workstation/ui/reading_page.py" />
      <source>as of {time}, not checked with its source</source>
      <translation>截至 {time}，未能与来源核对</translation>
    </message>
    <message>
      <location filename="workstation/ui/reading_page.py" />
      <source>{count} objects without pictures</source>
      <translation>另有 {count} 个无图像对象</translation>
    </message>
    <message>
      <location filename="workstation/ui/reading_page.py" />
      <source>lossy</source>
      <translation>有损</translation>
    </message>
    <message>
      <location filename="workstation/ui/reading_page.py" />
      <source>lossless</source>
      <translation>无损</translation>
    </message>
    <message>
      <location filename="workstation/ui/reading_page.py" />
      <source>1 object without pictures</source>
      <translation>另有 1 个无图像对象</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_banner.py" />
      <source>Complete</source>
      <translation>已完成</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_banner.py" />
      <source>PARTIAL</source>
      <translation>未完成</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_banner.py" />
      <source>Verified</source>
      <translation>已审核</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_banner.py" />
      <source>UNVERIFIED</source>
      <translation>未审核</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_banner.py" />
      <source>This report is of ANOTHER PATIENT.</source>
      <translation>此报告属于另一位患者！</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_banner.py" />
      <source>The text of this report names another person: {name}.</source>
      <translation>报告正文写的是另一个人：{name}。</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_banner.py" />
      <source>The name differs from the film's: check that it is the same patient.</source>
      <translation>姓名与影像不一致：请核对是否为同一患者。</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_banner.py" />
      <source>This file names no patient: check that it belongs to this one.</source>
      <translation>此文件未注明患者：请核对是否属于该患者。</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_banner.py" />
      <source>Report {date}</source>
      <translation>报告 {date}</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_banner.py" />
      <source>PRELIMINARY</source>
      <translation>初步报告</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_banner.py" />
      <source>Study {date}</source>
      <translation>检查 {date}</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_banner.py" />
      <source>Earlier study</source>
      <translation>既往检查</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_pages.py" />
      <source>Page {n} is being drawn …</source>
      <translation>正在绘制第 {n} 页…</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_pages.py" />
      <source>Copy the text of this page</source>
      <translation>复制本页文字</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_pane.py" />
      <source>Page {n} of {total}</source>
      <translation>第 {n} 页，共 {total} 页</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_pane.py" />
      <source>Text of the report</source>
      <translation>报告文字</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_pane.py" />
      <source>Pages of the report</source>
      <translation>报告页面</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_pane.py" />
      <source>image {n} of {total}</source>
      <translation>图像 {n} / {total}</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_pane.py" />
      <source>The report is being loaded …</source>
      <translation>正在加载报告…</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_pane.py" />
      <source>the last {count} are not shown</source>
      <translation>最后 {count} 页未显示</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_pane.py" />
      <source>A scanned page: no text</source>
      <translation>扫描件，无文字</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_pane.py" />
      <source>There is no report in this film.</source>
      <translation>该影像中没有报告。</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_pane.py" />
      <source>The report is being opened …</source>
      <translation>正在打开报告…</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_printing.py" />
      <source>{n} of {total}</source>
      <translation>{n} / {total}</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_search.py" />
      <source>Search in the report</source>
      <translation>在报告中查找</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_search.py" />
      <source>Previous place</source>
      <translation>上一处</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_search.py" />
      <source>Next place</source>
      <translation>下一处</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_search.py" />
      <source>Not found</source>
      <translation>未找到</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_search.py" />
      <source>Searching …</source>
      <translation>正在查找…</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_text.py" />
      <source>Copy text</source>
      <translation>复制文字</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_text.py" />
      <source>Select all</source>
      <translation>全选</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_tools.py" />
      <source>Smaller</source>
      <translation>缩小</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_tools.py" />
      <source>Larger</source>
      <translation>放大</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_tools.py" />
      <source>Fit the width</source>
      <translation>适合宽度</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_tools.py" />
      <source>Fit the page</source>
      <translation>适合整页</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_tools.py" />
      <source>Print the report …</source>
      <translation>打印报告…</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_tools.py" />
      <source>Reports of this film</source>
      <translation>该影像的报告</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_tools.py" />
      <source>Printing page {n} of {total}</source>
      <translation>正在打印第 {n} 页，共 {total} 页</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_tools.py" />
      <source>Fold the report away</source>
      <translation>收起报告</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_tools.py" />
      <source>Stop printing</source>
      <translation>停止打印</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_words.py" />
      <source>inferred from</source>
      <translation>依据</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_words.py" />
      <source>selected from</source>
      <translation>选自</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_words.py" />
      <source>Author</source>
      <translation>作者</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_words.py" />
      <source>This report is longer than can be shown; read the rest where it was made.</source>
      <translation>报告过长，此处未显示全部：其余请在出具报告的系统中阅读。</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_words.py" />
      <source>The declared character set is wrong: characters are repaired for reading; compare names.</source>
      <translation>声明的字符集有误：文字已修复，仅供阅读；请核对姓名。</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_words.py" />
      <source>This report holds no text.</source>
      <translation>该报告没有文字。</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_words.py" />
      <source>frame {numbers}</source>
      <translation>第 {numbers} 帧</translation>
    </message>
    <message>
      <location filename="workstation/ui/report_words.py" />
      <source>image not in this film</source>
      <translation>该图像不在此影像中</translation>
    </message>
    <message>
      <location filename="workstation/ui/screen_region.py" />
      <source>Drag a frame around the code. Enter: the whole screen. Esc: back.</source>
      <translation>拖动鼠标框住二维码。回车：整个屏幕。Esc：返回。</translation>
    </message>
    <message>
      <location filename="workstation/ui/screen_region.py" />
      <source>Code on the screen</source>
      <translation>识别屏幕上的码</translation>
    </message>
    <message>
      <location filename="workstation/ui/screens.py" />
      <source>Monitor: not for diagnosis</source>
      <translation>显示器：非诊断用</translation>
    </message>
    <message>
      <location filename="workstation/ui/screens.py" />
      <source>Monitor: diagnostic</source>
      <translation>显示器：诊断级</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Proxy</source>
      <translation>代理</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>http://proxy.hospital.local:3128; empty: by script, else the system's</source>
      <translation>http://proxy.hospital.local:3128；留空则用脚本，否则用系统设置</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Configuration script</source>
      <translation>自动配置脚本</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Address or path of a PAC file, when there is no proxy above</source>
      <translation>上面没有填代理时使用：PAC 文件的网址或路径</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>DOMAIN\user for NTLM; empty: the proxy asks nobody</source>
      <translation>NTLM 填 DOMAIN\user；代理不要求登录则留空</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Sign-in</source>
      <translation>登录方式</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Reached directly</source>
      <translation>不走代理</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Hosts, .domains or networks, by commas</source>
      <translation>主机、.域名或网段，用逗号分隔</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>The hospital's authority</source>
      <translation>医院的证书颁发机构</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>PEM file; believed besides those of the operating system</source>
      <translation>PEM 文件；在系统已信任的之外另行信任</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>This workstation's certificate</source>
      <translation>本工作站的证书</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>PEM file, where a server asks for one</source>
      <translation>PEM 文件；服务器要求时出示</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Its key</source>
      <translation>证书私钥</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>PEM file, when the key is not in the certificate's file</source>
      <translation>PEM 文件；私钥不在证书文件里时填写</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Language</source>
      <translation>语言</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Size of texts</source>
      <translation>文字大小</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Blank when nobody is there, after</source>
      <translation>无人操作多久后黑屏</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>One key brings it back. 0: never. Monitors of an operating room stay as they are</source>
      <translation>按任意键恢复。0：从不。手术室显示器不黑屏</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Before each code</source>
      <translation>条码前缀</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>What the scanner types before each code, if it does</source>
      <translation>扫码枪在每个条码前输入的字符（如有）</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>After each code</source>
      <translation>条码结尾</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Between two keys, at most</source>
      <translation>按键间隔上限</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>More for a scanner that types slowly; a hand is slower than 60 ms</source>
      <translation>扫码枪输入慢时调大；人手打字慢于 60 毫秒</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Drag with the middle button</source>
      <translation>中键拖动</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Drag with the right button</source>
      <translation>右键拖动</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Wheel towards the hand is the image before</source>
      <translation>滚轮向后滚为上一幅图像</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Films as received</source>
      <translation>已接收的影片</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Unpacked images</source>
      <translation>解码后的图像</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Keep films on this machine, encrypted</source>
      <translation>在本机加密保留影像</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>The next time they open at once; without a key store they go when the program ends</source>
      <translation>下次立即打开；没有密钥库时，程序结束即删除</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Kept films, at most</source>
      <translation>保留的影像最多</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Kept after they were open last</source>
      <translation>最后打开后保留</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>End of the clinic</source>
      <translation>门诊结束时刻</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Kept films go then, such as at 18:00; empty: they stay. Those that are kept when room is needed stay</source>
      <translation>到时删除保留的影像，如 18:00；留空则不删除。选了“需要空间时保留”的影像不受影响</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Kept films go when the program ends</source>
      <translation>程序结束时删除保留的影像</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Films that are kept when room is needed stay</source>
      <translation>选了“需要空间时保留”的影像不受影响</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Compare kept films with their source</source>
      <translation>将保留的影像与来源比对</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>When a kept film is opened, three of its images are fetched again and compared</source>
      <translation>打开保留的影像时，重新取其中三幅图像逐字节比对</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Parallel downloads, at most</source>
      <translation>并行下载数上限</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Allow links without encryption (http)</source>
      <translation>允许不加密的链接（http）</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>The strongest the proxy offers</source>
      <translation>代理支持的最强方式</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>As the system</source>
      <translation>跟随系统</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Enter or Tab, or a pause</source>
      <translation>回车、Tab 或停顿</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_entries.py" />
      <source>Nothing</source>
      <translation>无</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_fields.py" />
      <source>Set by IT</source>
      <translation>由信息科设定</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_fields.py" />
      <source>Choose…</source>
      <translation>选择…</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_keys.py" />
      <source>Window preset {number}</source>
      <translation>预设窗 {number}</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_keys.py" />
      <source>Search for a command or a key</source>
      <translation>查找命令或按键</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_keys.py" />
      <source>Commands and their keys</source>
      <translation>命令与按键</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_keys.py" />
      <source>New key</source>
      <translation>新按键</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_keys.py" />
      <source>No key</source>
      <translation>不用按键</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_keys.py" />
      <source>The program's own</source>
      <translation>恢复默认</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_keys.py" />
      <source>{key} has two commands: {commands}</source>
      <translation>{key} 对应了两个命令：{commands}</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_keys.py" />
      <source>Command</source>
      <translation>命令</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_keys.py" />
      <source>Keys</source>
      <translation>按键</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Diagnostic</source>
      <translation>诊断</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Clinical</source>
      <translation>临床查看</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Operating room</source>
      <translation>手术室</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>For patients</source>
      <translation>给患者看</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Not declared</source>
      <translation>未登记</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>The monitor's own DICOM curve</source>
      <translation>显示器自带 DICOM 曲线</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>A table from measured luminances</source>
      <translation>由实测亮度生成的校正表</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>{low} to {high} cd/m². Contrast {without} % off without the table, {through} % expected with it; {levels} of 256 greys stay apart.</source>
      <translation>{low} 至 {high} cd/m²。不用校正表时对比度偏差 {without} %，用校正表后预计 {through} %；256 级灰阶中有 {levels} 级仍可区分。</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>{date}: contrast {percent} % off at most; {limit} % are allowed</source>
      <translation>{date}：对比度最大偏差 {percent} %，允许 {limit} %</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>{width} × {height} mm a pixel</source>
      <translation>每像素 {width} × {height} mm</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Not square: set the monitor's own resolution in the system, then measure again.</source>
      <translation>像素高宽不等：请在系统里设为显示器的原始分辨率，再重新测量。</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Fit for diagnosis</source>
      <translation>可用于诊断</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Fit for its use; not for diagnosis</source>
      <translation>符合登记的用途；非诊断用</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Not declared: images on it are marked “Not for diagnosis”</source>
      <translation>未登记：这台显示器上的影像标有“非诊断用”</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Not checked yet: images on it are marked “Not for diagnosis”</source>
      <translation>尚未检查：这台显示器上的影像标有“非诊断用”</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>The last check is more than 90 days old: images are marked “Not for diagnosis”</source>
      <translation>上次检查已超过 90 天：影像标有“非诊断用”</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>The last check failed: images on it are marked “Not for diagnosis”</source>
      <translation>上次检查不合格：这台显示器上的影像标有“非诊断用”</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>{date}: {seen} of 18 squares seen</source>
      <translation>{date}：18 个方块中看清 {seen} 个</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Arrow keys or a click go from pattern to pattern, Escape comes back.</source>
      <translation>方向键或单击切换测试图，Esc 返回。</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>{count} megapixels</source>
      <translation>{count} 百万像素</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>{bits} bits of grey</source>
      <translation>{bits} 位灰阶</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Let the monitor warm up for half an hour, then measure its luminances.</source>
      <translation>请先让显示器预热半小时，再测量亮度。</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Its table is in the monitor: images are sent unchanged. Switch off night light and colour profiles.</source>
      <translation>校正表在显示器内：影像原样送出。请关闭夜间模式和色彩配置文件。</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>IT answers for its checks.</source>
      <translation>由信息科负责检查。</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Never. A check counts for 90 days; contrast may be {limit} % off.</source>
      <translation>从未检查。每次检查有效 90 天；对比度允许偏差 {limit} %。</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>{date}, by the monitor's own software</source>
      <translation>{date}，由显示器自带软件检查</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Not measured: images cannot be shown at life size.</source>
      <translation>未测量：无法按真实大小显示影像。</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Monitor</source>
      <translation>显示器</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>What it is for</source>
      <translation>用途</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Way to the DICOM curve (GSDF)</source>
      <translation>DICOM 曲线（GSDF）的实现方式</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Measure luminances…</source>
      <translation>测量亮度…</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Check by meter…</source>
      <translation>用亮度计检查…</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Its own software checked it today</source>
      <translation>今天已用自带软件检查</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Hold a card to it…</source>
      <translation>用卡片测量…</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Squares whose two marks you see</source>
      <translation>看得清两个标记的方块数</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Keep what I saw</source>
      <translation>记录所见</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>pixel pitch {pitch} mm, measured</source>
      <translation>像素间距 {pitch} mm（实测）</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Last check</source>
      <translation>上次检查</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>True size</source>
      <translation>像素大小</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>Squares seen of 18</source>
      <translation>18 个方块中看清</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_monitors.py" />
      <source>pixel pitch {pitch} mm, by its own word</source>
      <translation>像素间距 {pitch} mm（显示器自报）</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Saved. This machine keeps no passwords (no key store): when the program ends it forgets what was typed, and asks again.</source>
      <translation>已保存。本机没有密钥库，不保存密码：程序结束后会忘记输入的密码，下次再询问。</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Sources</source>
      <translation>来源</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Certificates</source>
      <translation>证书</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Language and texts</source>
      <translation>语言与文字</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Monitors</source>
      <translation>显示器</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Scanner</source>
      <translation>扫码枪</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Mouse</source>
      <translation>鼠标</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Memory and network</source>
      <translation>内存与网络</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Check this workstation</source>
      <translation>检查本工作站</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Welcome. Films come from a source, through the hospital's proxy: set both, test the way, save. Your IT department knows the addresses.</source>
      <translation>欢迎使用。影片来自“来源”，经医院的代理取得：请填写这两项，测试连接，然后保存。地址请向信息科索取。</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Groups of settings</source>
      <translation>设置分组</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Save</source>
      <translation>保存</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Test the way through the proxy</source>
      <translation>测试经代理的连接</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Check now</source>
      <translation>开始检查</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Empty: as it is</source>
      <translation>留空不更改</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Close without saving</source>
      <translation>关闭，不保存</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>A key has two commands: give one of them another key.</source>
      <translation>有一个按键对应了两个命令：请给其中一个换一个按键。</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>A source needs a name and an address.</source>
      <translation>来源需要名称和地址。</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Two sources have the same name: give one of them another.</source>
      <translation>两个影像源同名：请给其中一个另取名称。</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Go on</source>
      <translation>继续</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Add a source first: the way is tested to a real one.</source>
      <translation>请先添加来源：测试需要一个真实的来源。</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_page.py" />
      <source>Saved, and in use from now on.</source>
      <translation>已保存，立即生效。</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_sources.py" />
      <source>None, or by the link</source>
      <translation>不登录，或由链接决定</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_sources.py" />
      <source>Token (Bearer)</source>
      <translation>令牌（Bearer）</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_sources.py" />
      <source>User name and password</source>
      <translation>用户名和密码</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_sources.py" />
      <source>Token in a header of its own</source>
      <translation>放在专用请求头里的令牌</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_sources.py" />
      <source>Add</source>
      <translation>添加</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_sources.py" />
      <source>Remove</source>
      <translation>移除</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_sources.py" />
      <source>What people call it, e.g. the provincial image cloud</source>
      <translation>大家怎么称呼它，例如：省影像云</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_sources.py" />
      <source>viewer.example, share.example</source>
      <translation>viewer.example, share.example</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_sources.py" />
      <source>No source yet. Add the cloud or archive that your films come from.</source>
      <translation>还没有来源。请添加影片所在的云平台或影像归档。</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_sources.py" />
      <source>Test the way to this source</source>
      <translation>测试到该来源的连接</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_sources.py" />
      <source>Source name</source>
      <translation>名称</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_sources.py" />
      <source>DICOMweb address</source>
      <translation>DICOMweb 地址</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_sources.py" />
      <source>Hosts of its share links</source>
      <translation>分享链接的主机</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_sources.py" />
      <source>Issuer of its patient IDs</source>
      <translation>患者编号的签发机构</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_sources.py" />
      <source>Header</source>
      <translation>请求头</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_sources.py" />
      <source>Password or token</source>
      <translation>密码或令牌</translation>
    </message>
    <message>
      <location filename="workstation/ui/settings_sources.py" />
      <source>(new)</source>
      <translation>（新）</translation>
    </message>
    <message>
      <location filename="workstation/ui/shortcut_page.py" />
      <source>Left drag</source>
      <translation>左键拖动</translation>
    </message>
    <message>
      <location filename="workstation/ui/shortcut_page.py" />
      <source>The active tool</source>
      <translation>当前工具</translation>
    </message>
    <message>
      <location filename="workstation/ui/shortcut_page.py" />
      <source>Middle drag</source>
      <translation>中键拖动</translation>
    </message>
    <message>
      <location filename="workstation/ui/shortcut_page.py" />
      <source>Right drag</source>
      <translation>右键拖动</translation>
    </message>
    <message>
      <location filename="workstation/ui/shortcut_page.py" />
      <source>Right click</source>
      <translation>右键单击</translation>
    </message>
    <message>
      <location filename="workstation/ui/shortcut_page.py" />
      <source>Menu</source>
      <translation>菜单</translation>
    </message>
    <message>
      <location filename="workstation/ui/shortcut_page.py" />
      <source>Wheel</source>
      <translation>滚轮</translation>
    </message>
    <message>
      <location filename="workstation/ui/shortcut_page.py" />
      <source>Images; with Shift faster, with Ctrl zoom</source>
      <translation>浏览图像；加 Shift 更快，加 Ctrl 缩放</translation>
    </message>
    <message>
      <location filename="workstation/ui/shortcut_page.py" />
      <source>Double click</source>
      <translation>双击</translation>
    </message>
    <message>
      <location filename="workstation/ui/shortcut_page.py" />
      <source>Window: {name} (CT)</source>
      <translation>窗：{name} (CT)</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>files of this machine</source>
      <translation>本机文件</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>direct</source>
      <translation>直连</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>through the proxy</source>
      <translation>经代理</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>fetched</source>
      <translation>下载</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>kept</source>
      <translation>本机已存</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>kept and fetched</source>
      <translation>部分已存</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>complete</source>
      <translation>完整</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>incomplete</source>
      <translation>不完整</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>stopped</source>
      <translation>已停止</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>Date and time</source>
      <translation>日期时间</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>Source</source>
      <translation>来源</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>Images</source>
      <translation>图像数</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>Line, MB</source>
      <translation>线路 MB</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>First image, s</source>
      <translation>首图 秒</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>Whole film, s</source>
      <translation>全片 秒</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>Tried again</source>
      <translation>重试</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>Refused</source>
      <translation>被拒</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>Waits</source>
      <translation>等待</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>In store, s</source>
      <translation>归档调取 秒</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>Way</source>
      <translation>线路</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>Images from</source>
      <translation>图像来自</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>Outcome</source>
      <translation>结果</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>Kept, MB</source>
      <translation>已存 MB</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>Loads</source>
      <translation>加载次数</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_model.py" />
      <source>First image over 1 s</source>
      <translation>首图超过 1 秒</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_window.py" />
      <source>Nothing has been loaded yet. Every film that is opened adds a row; no patient is in it.</source>
      <translation>尚未加载任何影像。每打开一份影像会增加一行，其中不含患者信息。</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_window.py" />
      <source>Nothing has been loaded since the program started; IT has switched the lasting table off.</source>
      <translation>程序启动以来尚未加载任何影像；信息科已关闭长期记录。</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_window.py" />
      <source>Medians by source</source>
      <translation>各来源的中位数</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_window.py" />
      <source>The last loads</source>
      <translation>最近的加载</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_window.py" />
      <source>Films that had been kept are not counted here. Amber: the first image took over 1 s.</source>
      <translation>本机已存的影像不计入此处。琥珀色：首图超过 1 秒。</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_window.py" />
      <source>Save as CSV…</source>
      <translation>另存为 CSV…</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_window.py" />
      <source>{count} rows are on the clipboard.</source>
      <translation>已将 {count} 行复制到剪贴板。</translation>
    </message>
    <message>
      <location filename="workstation/ui/speed_window.py" />
      <source>Not saved: {file}</source>
      <translation>未能保存：{file}</translation>
    </message>
    <message>
      <location filename="workstation/ui/status_bar.py" />
      <source>Complete {received} / {expected}</source>
      <translation>完整 {received} / {expected}</translation>
    </message>
    <message>
      <location filename="workstation/ui/status_bar.py" />
      <source>the archive fetches the rest from its store; asked again in {time}</source>
      <translation>来源正在从归档存储中调取其余图像；{time} 后再次请求</translation>
    </message>
    <message>
      <location filename="workstation/ui/status_bar.py" />
      <source>the source does not answer; next try in {seconds} s</source>
      <translation>影像源没有响应，{seconds} 秒后重试</translation>
    </message>
    <message>
      <location filename="workstation/ui/status_bar.py" />
      <source>INCOMPLETE {received} of {expected}</source>
      <translation>不完整 {received} / {expected}</translation>
    </message>
    <message>
      <location filename="workstation/ui/status_bar.py" />
      <source>the archive fetches the rest from its store and is being asked again</source>
      <translation>来源正在从归档存储中调取其余图像，正在再次请求</translation>
    </message>
    <message>
      <location filename="workstation/ui/status_bar.py" />
      <source>the source does not answer and is being tried again</source>
      <translation>影像源没有响应，正在重试</translation>
    </message>
    <message>
      <location filename="workstation/ui/status_bar.py" />
      <source>Go on loading</source>
      <translation>继续加载</translation>
    </message>
    <message>
      <location filename="workstation/ui/status_bar.py" />
      <source>What is missing, and why</source>
      <translation>缺少什么，原因是什么</translation>
    </message>
    <message>
      <location filename="workstation/ui/status_bar.py" />
      <source>Loading {received} / {expected}</source>
      <translation>正在加载 {received} / {expected}</translation>
    </message>
    <message>
      <location filename="workstation/ui/status_bar.py" />
      <source>Paused: {received} of {expected}</source>
      <translation>已暂停：{received} / {expected}</translation>
    </message>
    <message>
      <location filename="workstation/ui/status_bar.py" />
      <source>Stopped: {received} of {expected}</source>
      <translation>已停止：{received} / {expected}</translation>
    </message>
    <message>
      <location filename="workstation/ui/status_bar.py" />
      <source>{count} otherwise at the source</source>
      <translation>{count} 幅与来源不一致</translation>
    </message>
    <message>
      <location filename="workstation/ui/study_browser.py" />
      <source>not all usable</source>
      <translation>部分不可用</translation>
    </message>
    <message>
      <location filename="workstation/ui/study_browser.py" />
      <source>Loading …</source>
      <translation>正在加载…</translation>
    </message>
    <message>
      <location filename="workstation/ui/study_browser.py" />
      <source>{received} of {expected}</source>
      <translation>{received} / {expected} 幅</translation>
    </message>
    <message>
      <location filename="workstation/ui/study_browser.py" />
      <source>{count} missing</source>
      <translation>缺 {count} 幅</translation>
    </message>
    <message>
      <location filename="workstation/ui/study_browser.py" />
      <source>refused</source>
      <translation>已拒收</translation>
    </message>
    <message>
      <location filename="workstation/ui/study_browser.py" />
      <source>{done} of {total}</source>
      <translation>{done} / {total}</translation>
    </message>
    <message>
      <location filename="workstation/ui/study_browser.py" />
      <source>not loaded</source>
      <translation>未加载</translation>
    </message>
    <message>
      <location filename="workstation/ui/true_size.py" />
      <source>Hold a bank card (85.60 × 53.98 mm) to the glass, its left and upper edge along the outline. Drag the right and the lower edge until both fit; arrow keys move them by one pixel.</source>
      <translation>把银行卡（85.60 × 53.98 mm）贴在屏幕上，左边和上边与轮廓对齐。拖动右边和下边，直到完全重合；方向键每次移动一个像素。</translation>
    </message>
    <message>
      <location filename="workstation/ui/true_size.py" />
      <source>Hold a ruler to the glass, along each line. Drag the ends until both lines are 100 mm long; arrow keys move them by one pixel.</source>
      <translation>把直尺贴在屏幕上，分别沿两条线测量。拖动线的末端，直到两条线都是 100 mm；方向键每次移动一个像素。</translation>
    </message>
    <message>
      <location filename="workstation/ui/true_size.py" />
      <source>Keep</source>
      <translation>保存</translation>
    </message>
    <message>
      <location filename="workstation/ui/true_size.py" />
      <source>With a ruler</source>
      <translation>改用直尺</translation>
    </message>
    <message>
      <location filename="workstation/ui/true_size.py" />
      <source>With a card</source>
      <translation>改用卡片</translation>
    </message>
    <message>
      <location filename="workstation/ui/understood.py" />
      <source>DICOMweb link</source>
      <translation>DICOMweb 链接</translation>
    </message>
    <message>
      <location filename="workstation/ui/understood.py" />
      <source>OHIF link</source>
      <translation>OHIF 链接</translation>
    </message>
    <message>
      <location filename="workstation/ui/understood.py" />
      <source>cloudfilm link</source>
      <translation>cloudfilm 链接</translation>
    </message>
    <message>
      <location filename="workstation/ui/understood.py" />
      <source>Study UID</source>
      <translation>检查 UID</translation>
    </message>
    <message>
      <location filename="workstation/ui/understood.py" />
      <source>Accession number</source>
      <translation>检查号</translation>
    </message>
    <message>
      <location filename="workstation/ui/viewport_marks.py" />
      <source>Lengths on this image are the patient's already: it needs no calibration.</source>
      <translation>此图像上的长度已是患者的实际长度，无需校准。</translation>
    </message>
    <message>
      <location filename="workstation/ui/viewport_marks.py" />
      <source>Type a length from 0.1 to 5000 mm, or press Esc.</source>
      <translation>请输入 0.1 至 5000 mm 的长度，或按 Esc 取消。</translation>
    </message>
    <message>
      <location filename="workstation/ui/viewport_widget.py" />
      <source>Viewport {number}</source>
      <translation>视窗 {number}</translation>
    </message>
    <message>
      <location filename="workstation/ui/viewport_widget.py" />
      <source>Loading image {number} …</source>
      <translation>正在加载第 {number} 幅…</translation>
    </message>
    <message>
      <location filename="workstation/ui/viewport_words.py" />
      <source>Drag a series here, or double-click it</source>
      <translation>将序列拖到此处，或双击序列</translation>
    </message>
    <message>
      <location filename="workstation/ui/viewport_words.py" />
      <source>This film holds no images. Its report is beside this (key D).</source>
      <translation>该影像没有图像，报告在右侧（按 D 键）。</translation>
    </message>
    <message>
      <location filename="workstation/ui/waiting_films.py" />
      <source>The film is ready: {what}</source>
      <translation>影像已就绪：{what}</translation>
    </message>
    <message>
      <location filename="workstation/ui/waiting_films.py" />
      <source>The archive is fetching this film from its store; asked again in {time}</source>
      <translation>来源正在从归档存储中调取此影像；{time} 后再次请求</translation>
    </message>
    <message>
      <location filename="workstation/ui/waiting_films.py" />
      <source>The archive does not have this film at hand yet; asked again in {time}</source>
      <translation>来源尚不能提供此影像；{time} 后再次请求</translation>
    </message>
    <message>
      <location filename="workstation/ui/waiting_films.py" />
      <source>The archive is being asked again for this film …</source>
      <translation>正在再次向归档请求此影像……</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist.py" />
      <source>Search the last 7 days</source>
      <translation>搜索最近 7 天</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist.py" />
      <source>Search the last 30 days</source>
      <translation>搜索最近 30 天</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist.py" />
      <source>Search the last year</source>
      <translation>搜索最近一年</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist.py" />
      <source>Search without a date</source>
      <translation>不限日期搜索</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist.py" />
      <source>Choose a study; several of one patient open together.</source>
      <translation>请选择检查；同一患者的多项检查可一起打开。</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist.py" />
      <source>Settings…</source>
      <translation>设置…</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist.py" />
      <source>All studies of this patient</source>
      <translation>该患者的全部检查</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist.py" />
      <source>Sign in</source>
      <translation>登录</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist.py" />
      <source>Open {count} studies</source>
      <translation>打开 {count} 项检查</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist.py" />
      <source>These are not surely of one patient: choose studies of one patient.</source>
      <translation>所选检查不能确定属于同一患者：请只选同一患者的检查。</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_filters.py" />
      <source>Today</source>
      <translation>今天</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_filters.py" />
      <source>Yesterday</source>
      <translation>昨天</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_filters.py" />
      <source>Last 3 days</source>
      <translation>最近 3 天</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_filters.py" />
      <source>Last 7 days</source>
      <translation>最近 7 天</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_filters.py" />
      <source>Last 30 days</source>
      <translation>最近 30 天</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_filters.py" />
      <source>Last year</source>
      <translation>最近一年</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_filters.py" />
      <source>From … to …</source>
      <translation>自选日期…</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_filters.py" />
      <source>Any date</source>
      <translation>不限日期</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_filters.py" />
      <source>Name or number</source>
      <translation>姓名或编号</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_filters.py" />
      <source>Patient ID</source>
      <translation>患者编号</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_filters.py" />
      <source>X-ray</source>
      <translation>X 线</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_filters.py" />
      <source>Ultrasound</source>
      <translation>超声</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_filters.py" />
      <source>Name, pinyin or initials; patient ID; accession number</source>
      <translation>姓名、拼音或首字母；患者编号；检查号</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_filters.py" />
      <source>Search for a patient or a number</source>
      <translation>按患者或编号搜索</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_filters.py" />
      <source>What is typed</source>
      <translation>输入的内容</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_filters.py" />
      <source>Period</source>
      <translation>时间范围</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_filters.py" />
      <source>First day</source>
      <translation>开始日期</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_filters.py" />
      <source>Last day</source>
      <translation>结束日期</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_filters.py" />
      <source>All sources</source>
      <translation>全部来源</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_model.py" />
      <source>Patient</source>
      <translation>患者</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_model.py" />
      <source>Sex, age</source>
      <translation>性别、年龄</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_model.py" />
      <source>Date</source>
      <translation>日期</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_model.py" />
      <source>Modality</source>
      <translation>检查类型</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_model.py" />
      <source>Examination</source>
      <translation>检查项目</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_search.py" />
      <source>{source} has more than {count} studies to look through, so some may be missing: choose a shorter period, or type a number.</source>
      <translation>“{source}”中待查的检查超过 {count} 项，结果可能不全：请缩短时间范围，或输入编号。</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_search.py" />
      <source>{source} looked for this by itself and may not find Chinese, pinyin or this number: choose a period to be sure.</source>
      <translation>此次由“{source}”自行查找，可能查不到中文、拼音或该编号：请选择时间范围后再搜索。</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_search.py" />
      <source>1 study</source>
      <translation>1 项检查</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_search.py" />
      <source>{count} studies</source>
      <translation>{count} 项检查</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_search.py" />
      <source>No image source is configured yet: open the settings, or ask IT.</source>
      <translation>尚未配置影像来源：请打开设置，或联系信息科。</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_search.py" />
      <source>Searching: {done} of {total} sources · {found}</source>
      <translation>正在搜索：{total} 个来源已完成 {done} 个 · {found}</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_search.py" />
      <source>Without a date, a name or a number is needed: type one, or choose a period.</source>
      <translation>不限日期时需要姓名或编号：请输入，或选择时间范围。</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_search.py" />
      <source>Called off · {found}</source>
      <translation>已取消 · {found}</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_search.py" />
      <source>Nothing was found in the sources that answered.</source>
      <translation>已应答的来源中没有找到检查。</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_search.py" />
      <source>Nothing was found.</source>
      <translation>没有找到检查。</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_search.py" />
      <source>{source}: {why}</source>
      <translation>{source}：{why}</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_search.py" />
      <source>Type a name or a number, or choose a period, and press Enter.</source>
      <translation>输入姓名或编号，或选择时间范围，然后按回车键。</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_search.py" />
      <source>Only the first {count} studies are listed: choose a shorter period.</source>
      <translation>只列出前 {count} 项检查：请缩短时间范围。</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_search.py" />
      <source>The list was emptied because nobody used it.</source>
      <translation>列表长时间无人使用，已清空。</translation>
    </message>
    <message>
      <location filename="workstation/ui/worklist_view.py" />
      <source>Studies</source>
      <translation>检查列表</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>{side} {part}</source>
      <translation>{side}{part}</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>{part}, {view}</source>
      <translation>{part} {view}</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>side not given</source>
      <translation>侧别未注明</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>Side contradictory: {sides}</source>
      <translation>侧别矛盾：{sides}</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>View contradictory: {views}</source>
      <translation>体位矛盾：{views}</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>Orientation contradictory</source>
      <translation>方位矛盾</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>Orientation unknown</source>
      <translation>方位不明</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>Side: {side}</source>
      <translation>侧别：{side}</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>View: {view}</source>
      <translation>投照体位：{view}</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>Plane: {plane}</source>
      <translation>切面：{plane}</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>{plane}, {degrees}° off</source>
      <translation>{plane}，偏 {degrees}°</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>Patient: {position}</source>
      <translation>患者体位：{position}</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>Edges: {left} – {right}, {top} – {bottom}</source>
      <translation>四边：{left} – {right}，{top} – {bottom}</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>Letters of animals: R rostral, L lateral</source>
      <translation>动物方位字母：R 为吻侧，L 为外侧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>right</source>
      <translation>右</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>left</source>
      <translation>左</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>bilateral</source>
      <translation>双</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>unpaired</source>
      <translation>不分侧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>abdomen</source>
      <translation>腹部</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>abdomen and pelvis</source>
      <translation>腹盆部</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>acromioclavicular joint</source>
      <translation>肩锁关节</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>ankle</source>
      <translation>踝</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>upper arm</source>
      <translation>上臂</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>back</source>
      <translation>背部</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>brain</source>
      <translation>脑</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>breast</source>
      <translation>乳腺</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>buttock</source>
      <translation>臀部</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>calcaneus</source>
      <translation>跟骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>calf</source>
      <translation>小腿后部</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>chest</source>
      <translation>胸部</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>chest and abdomen</source>
      <translation>胸腹部</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>chest, abdomen and pelvis</source>
      <translation>胸腹盆部</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>clavicle</source>
      <translation>锁骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>coccyx</source>
      <translation>尾骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>cervical spine</source>
      <translation>颈椎</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>cervicothoracic spine</source>
      <translation>颈胸椎</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>elbow</source>
      <translation>肘</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>extremity</source>
      <translation>四肢</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>face</source>
      <translation>面部</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>femur</source>
      <translation>股骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>fibula</source>
      <translation>腓骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>finger</source>
      <translation>手指</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>foot</source>
      <translation>足</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>forearm</source>
      <translation>前臂</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>hand</source>
      <translation>手</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>head</source>
      <translation>头部</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>head and neck</source>
      <translation>头颈部</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>heart</source>
      <translation>心脏</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>hip</source>
      <translation>髋</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>humerus</source>
      <translation>肱骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>ilium</source>
      <translation>髂骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>jaw</source>
      <translation>颌骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>knee</source>
      <translation>膝</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>lower leg</source>
      <translation>小腿</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>lumbar spine</source>
      <translation>腰椎</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>lumbosacral spine</source>
      <translation>腰骶椎</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>lung</source>
      <translation>肺</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>maxilla</source>
      <translation>上颌骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>neck</source>
      <translation>颈部</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>orbit</source>
      <translation>眼眶</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>patella</source>
      <translation>髌骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>pelvis</source>
      <translation>骨盆</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>radius</source>
      <translation>桡骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>radius and ulna</source>
      <translation>尺桡骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>ribs</source>
      <translation>肋骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>scapula</source>
      <translation>肩胛骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>sternoclavicular joint</source>
      <translation>胸锁关节</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>shoulder</source>
      <translation>肩</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>sacroiliac joint</source>
      <translation>骶髂关节</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>skull</source>
      <translation>颅骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>spine</source>
      <translation>脊柱</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>sacrum</source>
      <translation>骶骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>sternum</source>
      <translation>胸骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>thigh</source>
      <translation>大腿</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>thumb</source>
      <translation>拇指</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>tibia</source>
      <translation>胫骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>tibia and fibula</source>
      <translation>胫腓骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>thoracolumbar spine</source>
      <translation>胸腰椎</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>temporomandibular joint</source>
      <translation>颞下颌关节</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>toe</source>
      <translation>足趾</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>thoracic spine</source>
      <translation>胸椎</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>ulna</source>
      <translation>尺骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>whole body</source>
      <translation>全身</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>wrist</source>
      <translation>腕</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>zygoma</source>
      <translation>颧骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>AP</source>
      <translation>正位（前后位）</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>PA</source>
      <translation>正位（后前位）</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>frontal</source>
      <translation>正位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>lateral</source>
      <translation>侧位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>left lateral</source>
      <translation>左侧位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>right lateral</source>
      <translation>右侧位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>left lateral decubitus</source>
      <translation>左侧卧位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>right lateral decubitus</source>
      <translation>右侧卧位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>left lateral oblique</source>
      <translation>左侧斜位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>right lateral oblique</source>
      <translation>右侧斜位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>oblique</source>
      <translation>斜位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>AP oblique</source>
      <translation>前后斜位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>PA oblique</source>
      <translation>后前斜位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>frontal oblique</source>
      <translation>正斜位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>right oblique</source>
      <translation>右斜位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>left oblique</source>
      <translation>左斜位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>right anterior oblique</source>
      <translation>右前斜位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>left anterior oblique</source>
      <translation>左前斜位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>right posterior oblique</source>
      <translation>右后斜位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>left posterior oblique</source>
      <translation>左后斜位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>medial oblique</source>
      <translation>内斜位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>lateral oblique</source>
      <translation>外斜位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>mediolateral</source>
      <translation>内外侧位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>lateromedial</source>
      <translation>外内侧位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>mediolateral oblique</source>
      <translation>内外斜位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>lateromedial oblique</source>
      <translation>外内斜位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>axial view</source>
      <translation>轴位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>oblique axial view</source>
      <translation>斜轴位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>tangential</source>
      <translation>切线位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>dorsoplantar</source>
      <translation>背跖位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>plantodorsal</source>
      <translation>跖背位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>craniocaudal</source>
      <translation>头足位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>caudocranial</source>
      <translation>足头位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>cross-table</source>
      <translation>水平投照</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>cephalad</source>
      <translation>向头侧倾斜</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>caudad</source>
      <translation>向足侧倾斜</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>open mouth</source>
      <translation>张口位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>axial</source>
      <translation>横断位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>coronal</source>
      <translation>冠状位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>sagittal</source>
      <translation>矢状位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>oblique axial</source>
      <translation>斜横断位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>oblique coronal</source>
      <translation>斜冠状位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>oblique sagittal</source>
      <translation>斜矢状位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>head first, supine</source>
      <translation>头先进，仰卧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>head first, prone</source>
      <translation>头先进，俯卧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>head first, right side down</source>
      <translation>头先进，右侧卧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>head first, left side down</source>
      <translation>头先进，左侧卧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>feet first, supine</source>
      <translation>足先进，仰卧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>feet first, prone</source>
      <translation>足先进，俯卧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>feet first, right side down</source>
      <translation>足先进，右侧卧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>feet first, left side down</source>
      <translation>足先进，左侧卧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>left side first, supine</source>
      <translation>左侧先进，仰卧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>left side first, prone</source>
      <translation>左侧先进，俯卧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>right side first, supine</source>
      <translation>右侧先进，仰卧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>right side first, prone</source>
      <translation>右侧先进，俯卧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>front first, right side down</source>
      <translation>前侧先进，右侧卧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>front first, left side down</source>
      <translation>前侧先进，左侧卧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>back first, right side down</source>
      <translation>背侧先进，右侧卧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>back first, left side down</source>
      <translation>背侧先进，左侧卧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>anterior</source>
      <translation>前</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>posterior</source>
      <translation>后</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>cranial</source>
      <translation>头侧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/anatomy_words.py" />
      <source>caudal</source>
      <translation>足侧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/honesty.py" />
      <source>FLIPPED</source>
      <translation>已镜像</translation>
    </message>
    <message>
      <location filename="workstation/viewing/honesty.py" />
      <source>INVERTED</source>
      <translation>已反色</translation>
    </message>
    <message>
      <location filename="workstation/viewing/honesty.py" />
      <source>DEMO</source>
      <translation>DEMO</translation>
    </message>
    <message>
      <location filename="workstation/viewing/honesty.py" />
      <source>Not for diagnosis</source>
      <translation>非诊断用</translation>
    </message>
    <message>
      <location filename="workstation/viewing/honesty.py" />
      <source>Not calibrated</source>
      <translation>未校准</translation>
    </message>
    <message>
      <location filename="workstation/viewing/honesty.py" />
      <source>LOSSY</source>
      <translation>有损</translation>
    </message>
    <message>
      <location filename="workstation/viewing/honesty.py" />
      <source>LOSSY {ratio}:1</source>
      <translation>有损 {ratio}:1</translation>
    </message>
    <message>
      <location filename="workstation/viewing/honesty.py" />
      <source>Derived</source>
      <translation>衍生图像</translation>
    </message>
    <message>
      <location filename="workstation/viewing/honesty.py" />
      <source>Text in the picture</source>
      <translation>图中含文字</translation>
    </message>
    <message>
      <location filename="workstation/viewing/honesty.py" />
      <source>Name differs</source>
      <translation>姓名不一致</translation>
    </message>
    <message>
      <location filename="workstation/viewing/honesty.py" />
      <source>Interpolated</source>
      <translation>已插值</translation>
    </message>
    <message>
      <location filename="workstation/viewing/honesty.py" />
      <source>Overlay not shown</source>
      <translation>叠加层未显示</translation>
    </message>
    <message>
      <location filename="workstation/viewing/honesty.py" />
      <source>Colour profile not used</source>
      <translation>未使用颜色配置文件</translation>
    </message>
    <message>
      <location filename="workstation/viewing/honesty.py" />
      <source>Verified by address only</source>
      <translation>仅按地址核对</translation>
    </message>
    <message>
      <location filename="workstation/viewing/honesty.py" />
      <source>{missing} slices missing between the positions</source>
      <translation>位置间缺 {missing} 层</translation>
    </message>
    <message>
      <location filename="workstation/viewing/honesty.py" />
      <source>Not true size</source>
      <translation>非真实大小</translation>
    </message>
    <message>
      <location filename="workstation/viewing/honesty.py" />
      <source>Stretched</source>
      <translation>比例已改变</translation>
    </message>
    <message>
      <location filename="workstation/viewing/honesty.py" />
      <source>REJECTED for its quality</source>
      <translation>质量不合格，已被拒绝</translation>
    </message>
    <message>
      <location filename="workstation/viewing/honesty.py" />
      <source>CHANGED at its source</source>
      <translation>来源已更改</translation>
    </message>
    <message>
      <location filename="workstation/viewing/life_size.py" />
      <source>{percent} % of life size</source>
      <translation>真实大小的 {percent} %</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>Long</source>
      <translation>长径</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>Short</source>
      <translation>短径</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>Distance</source>
      <translation>距离</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>Diameter</source>
      <translation>直径</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>Perimeter</source>
      <translation>周长</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>Area</source>
      <translation>面积</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>Mean</source>
      <translation>均值</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>SD</source>
      <translation>标准差</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>Min</source>
      <translation>最小</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>Max</source>
      <translation>最大</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>Pixels</source>
      <translation>像素数</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>calibration unknown</source>
      <translation>校准情况不明</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>at the detector</source>
      <translation>探测器平面</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>calibrated in the image</source>
      <translation>图像已校准</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>magnification {factor} estimated</source>
      <translation>按估计放大率 {factor}</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>calibrated here: {length} mm</source>
      <translation>本机校准：{length} mm</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>calibrated by {detail}: object of {length} mm, {at}</source>
      <translation>由 {detail} 校准：物体 {length} mm，{at}</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>calibrated here: object of {length} mm, {at}</source>
      <translation>在此校准：物体 {length} mm，{at}</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>calibrated in the image: {detail}</source>
      <translation>图像内已校准：{detail}</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>at the detector: the anatomy appears larger</source>
      <translation>探测器平面：解剖结构显得更大</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>on the film</source>
      <translation>胶片上</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>scale unknown</source>
      <translation>比例未知</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>pixels are not square</source>
      <translation>像素非正方形</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>Calibration: {length} mm</source>
      <translation>校准：{length} mm</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>Value</source>
      <translation>数值</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measure_words.py" />
      <source>Calibration</source>
      <translation>校准</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measured.py" />
      <source>Study date</source>
      <translation>检查日期</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measured.py" />
      <source>Kind</source>
      <translation>类别</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measured.py" />
      <source>Quantity</source>
      <translation>量</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measured.py" />
      <source>Unit</source>
      <translation>单位</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measured.py" />
      <source>Uncertainty</source>
      <translation>不确定度</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measured.py" />
      <source>Meaning</source>
      <translation>含义</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measured.py" />
      <source>Time</source>
      <translation>时间</translation>
    </message>
    <message>
      <location filename="workstation/viewing/measured.py" />
      <source>SOP Instance UID</source>
      <translation>SOP 实例 UID</translation>
    </message>
    <message>
      <location filename="workstation/viewing/overlay.py" />
      <source>male</source>
      <translation>男</translation>
    </message>
    <message>
      <location filename="workstation/viewing/overlay.py" />
      <source>female</source>
      <translation>女</translation>
    </message>
    <message>
      <location filename="workstation/viewing/overlay.py" />
      <source>other sex</source>
      <translation>其他性别</translation>
    </message>
    <message>
      <location filename="workstation/viewing/overlay.py" />
      <source>{years} y</source>
      <translation>{years}岁</translation>
    </message>
    <message>
      <location filename="workstation/viewing/overlay.py" />
      <source>{months} mo</source>
      <translation>{months}个月</translation>
    </message>
    <message>
      <location filename="workstation/viewing/overlay.py" />
      <source>{weeks} wk</source>
      <translation>{weeks}周</translation>
    </message>
    <message>
      <location filename="workstation/viewing/overlay.py" />
      <source>{days} d</source>
      <translation>{days}天</translation>
    </message>
    <message>
      <location filename="workstation/viewing/overlay.py" />
      <source>Slice</source>
      <translation>层面</translation>
    </message>
    <message>
      <location filename="workstation/viewing/overlay.py" />
      <source>Thickness</source>
      <translation>层厚</translation>
    </message>
    <message>
      <location filename="workstation/viewing/overlay.py" />
      <source>Frame</source>
      <translation>帧</translation>
    </message>
    <message>
      <location filename="workstation/viewing/overlay.py" />
      <source>True size is asked for; shown to fit, as this monitor was not measured</source>
      <translation>要求真实大小；此显示器未测量，现按窗口适配显示</translation>
    </message>
    <message>
      <location filename="workstation/viewing/overlay.py" />
      <source>Presentation: {label}</source>
      <translation>显示状态：{label}</translation>
    </message>
    <message>
      <location filename="workstation/viewing/overlay.py" />
      <source>Presentation states: {count}, in the menu</source>
      <translation>有 {count} 个显示状态，见右键菜单</translation>
    </message>
    <message>
      <location filename="workstation/viewing/overlay.py" />
      <source>VOI table</source>
      <translation>VOI 表</translation>
    </message>
    <message>
      <location filename="workstation/viewing/presets.py" />
      <source>More contrast</source>
      <translation>提高对比</translation>
    </message>
    <message>
      <location filename="workstation/viewing/presets.py" />
      <source>Less contrast</source>
      <translation>降低对比</translation>
    </message>
    <message>
      <location filename="workstation/viewing/presets.py" />
      <source>Brighter</source>
      <translation>变亮</translation>
    </message>
    <message>
      <location filename="workstation/viewing/presets.py" />
      <source>Darker</source>
      <translation>变暗</translation>
    </message>
    <message>
      <location filename="workstation/viewing/presets.py" />
      <source>Whole range</source>
      <translation>全范围</translation>
    </message>
    <message>
      <location filename="workstation/viewing/presets.py" />
      <source>Bone</source>
      <translation>骨</translation>
    </message>
    <message>
      <location filename="workstation/viewing/presets.py" />
      <source>Soft tissue</source>
      <translation>软组织</translation>
    </message>
    <message>
      <location filename="workstation/viewing/presets.py" />
      <source>Bone, wide (metal)</source>
      <translation>骨，宽窗（金属）</translation>
    </message>
    <message>
      <location filename="workstation/viewing/presets.py" />
      <source>Spine</source>
      <translation>脊柱</translation>
    </message>
    <message>
      <location filename="workstation/viewing/presets.py" />
      <source>Lung</source>
      <translation>肺</translation>
    </message>
    <message>
      <location filename="workstation/viewing/presets.py" />
      <source>Brain</source>
      <translation>脑</translation>
    </message>
    <message>
      <location filename="workstation/viewing/presets.py" />
      <source>Abdomen</source>
      <translation>腹部</translation>
    </message>
    <message>
      <location filename="workstation/viewing/presets.py" />
      <source>Vessels</source>
      <translation>血管</translation>
    </message>
  </context>
</TS>
