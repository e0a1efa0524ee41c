import fc from 'fast-check'
import { userAgentFamily } from '../../shared/signIns/userAgent'

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0',
    'Edge / Windows',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0.4844.51 Safari/537.36',
    'Chrome / Windows',
  ],
  ['Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:101.0) Gecko/20100101 Firefox/101.0', 'Firefox / Linux'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
    'Safari / macOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/124.0 Mobile/15E148 Safari/604.1',
    'Chrome / iOS',
  ],
  ['Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 Chrome/124.0 Mobile Safari/537.36', 'Chrome / Android'],
  ['azsdk-python-identity/1.5.0 Python/3.9.2 (Linux-5.10.16-x86_64-with-glibc2.31)', 'azsdk-python / Linux'],
  ['Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.22621.2428', 'Windows PowerShell / Windows'],
  ['python-requests/2.28.0', 'python-requests'],
  ['axios/1.6.0', 'axios'],
  ['BAV2ROPC', 'BAV2ROPC'],
  ['MSAL.Desktop/4.61.3 (Windows 10.0.22631)', 'MSAL.Desktop / Windows'],
  ['ContosoPayrollOfAlice/7.1', 'Unlisted client'],
])('userAgentFamily: %s is known', (userAgent, family) => {
  expect(userAgentFamily(userAgent, undefined)).toBe(family)
})

test.each([
  [undefined, { operatingSystem: 'Windows10', browser: 'Edge 126.0.0' }, 'Edge / Windows'],
  [undefined, { operatingSystem: 'Ios 17.1', browser: 'Rich Client 4.61.3.0' }, 'Desktop client / iOS'],
  [undefined, { operatingSystem: 'MacOs' }, 'unknown / macOS'],
  [undefined, { browser: 'IE 11.0' }, 'Internet Explorer'],
  ['python-requests/2.28.0', { operatingSystem: 'Linux', browser: 'Chrome 1' }, 'python-requests / Linux'],
  [undefined, {}, 'unknown'],
  [undefined, undefined, 'unknown'],
])('userAgentFamily: the device detail fills in for %s', (userAgent, deviceDetail, family) => {
  expect(userAgentFamily(userAgent, deviceDetail)).toBe(family)
})

test('userAgentFamily: answers come from the rows and never from the text', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.nat(), (agent, system, version) => {
      const family = userAgentFamily(`${agent} Secret${version}/${version}.1`, { operatingSystem: `${system} ${version}` })
      seen.add(family)
      expect(family).not.toContain('Secret')
      expect(family.length).toBeLessThan(60)
    }),
  )
  expect(seen.size).toBeLessThan(20)
})
