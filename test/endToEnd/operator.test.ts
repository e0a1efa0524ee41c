import { runCommand, useProducts } from '../support/product'
import { useStorageEmulator } from '../support/tables'

const products = useProducts()
const { endpoint } = useStorageEmulator()

test('operator: with OPERATOR_KEY the check opens to its key alone, for requests and for npm run check, and reads stay open', async () => {
  const OPERATOR_KEY = 'hush-hush'
  const product = await products.start({ OPERATOR_KEY, TABLES_ENDPOINT: endpoint(), LOOKBACK_HOURS: '1', STREAMS: 'interactiveUser' })
  const codeOf = async (address: string, headers: Record<string, string> = {}) => {
    const { status, text } = await product.get(address, headers)
    return [status, (JSON.parse(text) as { code?: string }).code]
  }
  expect(await codeOf('/api/check')).toEqual([401, 'operator-key-missing'])
  expect(await codeOf('/api/check', { 'x-operator-key': 'hush' })).toEqual([401, 'operator-key-wrong'])
  expect(await codeOf('/api/check', { 'x-operator-key': OPERATOR_KEY })).toEqual([200, undefined])
  expect(await codeOf('/api/summary')).toEqual([200, undefined])
  expect((await product.get('/api/check')).headers['www-authenticate']).toBe('OperatorKey header="x-operator-key"')

  const without = await runCommand(['check'], { PORT: String(product.port) })
  expect([without.code, without.output]).toEqual([1, expect.stringContaining('This command sends the variable OPERATOR_KEY')])
  await product.tick()
  const checked = await runCommand(['check'], { PORT: String(product.port), OPERATOR_KEY })
  expect([checked.code, checked.output]).toEqual([0, expect.stringContaining('Nothing is missing.')])
  expect(product.output() + without.output + checked.output).not.toContain('hush')
  await product.stop()
})
