import { remembering } from './remembering'
import type { DeviceDetail } from './signIn'

/** Texts of which one has to occur in the lower-cased user agent, which begins and ends with a space here. */
type Pattern = readonly [family: string, ...texts: readonly string[]]

/**
 * Browsers and libraries, first match wins: a library that names a browser engine, and a browser that names another one,
 * stand above what they name.
 */
const clients: readonly Pattern[] = [
  ['azsdk-python', 'azsdk-python'],
  ['azsdk-net', 'azsdk-net'],
  ['azsdk-java', 'azsdk-java'],
  ['azsdk-js', 'azsdk-js'],
  ['azsdk-go', 'azsdk-go'],
  ['azsdk-cpp', 'azsdk-cpp'],
  ['azsdk-rust', 'azsdk-rust'],
  ['Azure CLI', 'azurecli', 'azure-cli'],
  ['Azure PowerShell', 'azurepowershell', 'azps/'],
  ['Terraform', 'terraform'],
  ['MSAL.Desktop', 'msal.desktop'],
  ['MSAL.NetCore', 'msal.netcore', 'msal.coreclr'],
  ['MSAL.Python', 'msal.python', 'msal-python'],
  ['MSAL.Java', 'msal.java', 'msal4j'],
  ['MSAL.js', 'msal.js'],
  ['MSAL.Go', 'msal.go'],
  ['MSAL.Android', 'msal.android'],
  ['MSAL.iOS', 'msal.ios', 'msal.xamarin.ios'],
  ['MSAL.macOS', 'msal.osx', 'msal.macos'],
  ['MSAL', 'msal'],
  ['ADAL', 'adal.', 'pcl.desktop', 'pcl.coreclr', 'adal-'],
  ['Windows account manager', 'windows-azuread-authentication-provider'],
  ['Windows PowerShell', 'windowspowershell'],
  ['PowerShell', 'powershell'],
  ['BAV2ROPC', 'bav2ropc'],
  ['Basic authentication proxy', 'cbainprod', 'cbaintar'],
  ['Exchange client', 'exchangeservicesclient', 'exchangewebservices', 'exchangews'],
  ['Exchange ActiveSync', 'apple-iphone', 'apple-ipad', 'airsync', 'eas/'],
  ['Outlook', 'outlook', 'macoutlook'],
  ['Teams', 'teams/', 'teamsmobile'],
  ['OneDrive', 'onedrive'],
  ['Office', 'microsoft office', 'msoffice', 'ms-office', 'microsoft word', 'microsoft excel', 'microsoft powerpoint'],
  ['Thunderbird', 'thunderbird'],
  ['Postman', 'postmanruntime'],
  ['python-requests', 'python-requests'],
  ['aiohttp', 'aiohttp'],
  ['python-httpx', 'python-httpx'],
  ['Python', 'python-urllib', 'python/'],
  ['fasthttp', 'fasthttp'],
  ['Go', 'go-http-client'],
  ['okhttp', 'okhttp'],
  ['Apache HttpClient', 'apache-httpclient'],
  ['Java', 'java/'],
  ['axios', 'axios'],
  ['Node.js', 'node-fetch', 'undici', 'node.js', 'node/'],
  ['RestSharp', 'restsharp'],
  ['curl', 'curl/'],
  ['Wget', 'wget/'],
  ['Dalvik', 'dalvik'],
  ['Electron', 'electron/'],
  ['Edge', 'edg/', 'edga/', 'edgios/', 'edge/', 'edge '],
  ['Opera', 'opr/', 'opera'],
  ['Samsung Internet', 'samsungbrowser'],
  ['Yandex', 'yabrowser'],
  ['Vivaldi', 'vivaldi'],
  ['Brave', 'brave'],
  ['DuckDuckGo', 'duckduckgo'],
  ['Firefox', 'firefox', 'fxios'],
  ['Headless Chrome', 'headlesschrome'],
  ['Chrome', 'chrome', 'crios', 'chromium'],
  ['Internet Explorer', 'trident/', 'msie', ' ie 7', ' ie 8', ' ie 9', ' ie 1', 'internet explorer'],
  ['Safari', 'safari'],
  ['Desktop client', 'rich client'],
  ['WebKit view', 'applewebkit'],
  ['CFNetwork', 'cfnetwork'],
]

/** Operating systems, first match wins: Windows Phone names Android, Android names Linux, iOS names Mac OS X. Darwin is under macOS and iOS alike. */
const operatingSystems: readonly Pattern[] = [
  ['Windows Phone', 'windows phone', 'windowsphone'],
  ['Windows', 'windows', 'win32', 'win64', 'win10'],
  ['iOS', 'iphone', 'ipad', ' ios', '(ios', '-ios', '.ios', ';ios', '/ios'],
  ['Android', 'android', 'dalvik'],
  ['ChromeOS', 'cros ', 'chromeos', 'chrome os'],
  ['macOS', 'mac os', 'macos', 'macintosh'],
  ['Apple', 'darwin'],
  ['Linux', 'linux', 'x11', 'ubuntu'],
]

const unknown = 'unknown'

/**
 * The family of a client and its operating system, such as `Edge / Windows`, `azsdk-python / Linux` or `curl`; `unknown`
 * where the row says nothing and `Unlisted client` where it says something that has no row here. Versions and texts of
 * the client's own never come out, so the number of different answers is bounded and none of them can name anyone.
 */
export function userAgentFamily(userAgent: string | undefined, deviceDetail: DeviceDetail | undefined): string {
  const { client, system, both } = userAgent === undefined ? nothing : agentOf(userAgent)
  if (both !== undefined) return both
  return joined(
    client ?? deviceBrowser(deviceDetail?.browser) ?? (userAgent === undefined ? unknown : 'Unlisted client'),
    system ?? deviceSystem(deviceDetail?.operatingSystem),
  )
}

interface Agent {
  readonly client: string | undefined
  readonly system: string | undefined
  /** The answer, where the user agent names both. */
  readonly both: string | undefined
}

const nothing: Agent = { client: undefined, system: undefined, both: undefined }

const agentOf = remembering((userAgent): Agent => {
  const text = ` ${userAgent.slice(0, 1_000).toLowerCase()} `
  const client = match(clients, text)
  const system = match(operatingSystems, text)
  return { client, system, both: client === undefined || system === undefined ? undefined : joined(client, system) }
})

/** A device detail names only the product: `Ios 17.1`, `Edge 126.0.0`, `IE 11.0`. */
const listedIn = (patterns: readonly Pattern[]): ((text: string | undefined) => string | undefined) => {
  const listed = remembering((text) => match(patterns, ` ${text.slice(0, 200).toLowerCase()} `))
  return (text) => (text === undefined ? undefined : listed(text))
}

const deviceBrowser = listedIn(clients)
const deviceSystem = listedIn(operatingSystems)

function match(patterns: readonly Pattern[], text: string): string | undefined {
  return patterns.find(([, ...texts]) => texts.some((part) => text.includes(part)))?.[0]
}

const pairs = new Map<string, Map<string, string>>()

function joined(client: string, system: string | undefined): string {
  if (system === undefined) return client
  const bySystem = pairs.get(client) ?? new Map<string, string>()
  pairs.set(client, bySystem)
  const pair = bySystem.get(system) ?? `${client} / ${system}`
  bySystem.set(system, pair)
  return pair
}
