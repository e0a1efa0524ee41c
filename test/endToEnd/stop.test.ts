import { connect } from 'node:net'
import { type Product, until, useProducts } from '../support/product'

const products = useProducts()

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

/** The ports of everything that one command starts: the functions, the simulated tenant and the storage emulator. */
async function portsOf(product: Product): Promise<number[]> {
  const named = await until(20_000, () => {
    const [graph, tables] = ['Graph', 'Tables'].map(
      (what) => new RegExp(`^${what} +http://127\\.0\\.0\\.1:(\\d+)`, 'm').exec(product.output())?.[1],
    )
    return graph && tables ? [graph, tables] : undefined
  })
  return [product.port, ...named.map(Number)]
}

/** Windows has no signals: there a process is ended from outside and has no code of its own. */
const stoppedCode = process.platform === 'win32' ? null : 0

test.each`
  signal       | timers   | when
  ${'SIGTERM'} | ${'off'} | ${'it waits'}
  ${'SIGINT'}  | ${'on'}  | ${'the first reading is under way'}
`('stop: $signal while $when ends everything within seconds, with code 0', async ({ signal, timers }) => {
  const product = await products.start({ TIMERS: timers })
  const ports = await portsOf(product)
  expect(await Promise.all(ports.map(isOpen))).toEqual([true, true, true])
  if (timers === 'on') await until(20_000, () => (/Reading sign-ins/.test(product.output()) ? true : undefined))
  const askedAt = Date.now()
  const { code, output } = await product.stop(signal)
  expect(code).toBe(stoppedCode)
  expect(Date.now() - askedAt).toBeLessThan(15_000)
  expect(output).not.toMatch(/^ {4}at /m)
  await until(5_000, async () => ((await Promise.all(ports.map(isOpen))).includes(true) ? undefined : true))
})

test('stop: nothing is left where the process is killed', async () => {
  const product = await products.start()
  const ports = await portsOf(product)
  await product.stop('SIGKILL')
  await until(10_000, async () => ((await Promise.all(ports.map(isOpen))).includes(true) ? undefined : true))
})
