import { readFileSync } from 'node:fs'
import path from 'node:path'

test('host.json: nothing is sampled, so every failure arrives; what the host says of itself is left out', () => {
  const { logging } = JSON.parse(readFileSync(path.join(__dirname, '../../host.json'), 'utf8')) as {
    logging: { logLevel: Record<string, string>; applicationInsights: { samplingSettings: { isEnabled: boolean } } }
  }
  expect(logging.applicationInsights.samplingSettings.isEnabled).toBe(false)
  expect(logging.logLevel).toMatchObject({ default: 'Warning', Function: 'Information', 'Host.Results': 'Information' })
})
