import fc from 'fast-check'
import { createTerminal, oneLine } from '../../local/terminal'

const written = (tty: { isTTY?: boolean; columns?: number }, env: Record<string, string> = {}) => {
  const pieces: string[] = []
  const terminal = createTerminal({ ...tty, write: (text: string) => pieces.push(text) }, env)
  return { terminal, text: () => pieces.join('') }
}

describe('createTerminal', () => {
  test('terminal: progress is rewritten in place, stays below lines and goes away', () => {
    const { terminal, text } = written({ isTTY: true, columns: 40 })
    terminal.progress('1 of 2')
    terminal.progress('2 of 2')
    terminal.line('a line')
    terminal.progressEnds()
    terminal.line('the end')
    expect(text()).toBe('1 of 2\r\u001b[K2 of 2\r\u001b[Ka line\n2 of 2\r\u001b[Kthe end\n')
  })

  test('terminal: progress never wraps', () => {
    const { terminal, text } = written({ isTTY: true, columns: 10 })
    terminal.progress('0123456789abc')
    expect(text()).toBe('012345678')
  })

  test('terminal: a terminal that does not know its width is taken for 80 columns wide', () => {
    const { terminal, text } = written({ isTTY: true, columns: 0 })
    terminal.progress('0123456789abc')
    expect(text()).toBe('0123456789abc')
  })

  test.each`
    story                | tty                | env
    ${'a pipe'}          | ${{}}              | ${{}}
    ${'a dumb terminal'} | ${{ isTTY: true }} | ${{ TERM: 'dumb' }}
  `('terminal: in $story progress is plain lines, and only those that say something new', ({ tty, env }) => {
    const { terminal, text } = written(tty, env)
    for (const progress of ['1 of 2', '1 of 2', '2 of 2']) terminal.progress(progress)
    terminal.progressEnds()
    terminal.line(terminal.colours.bold('the end'))
    expect(text()).toBe('1 of 2\n2 of 2\nthe end\n')
  })

  test.each`
    tty                | env                  | coloured
    ${{ isTTY: true }} | ${{}}                | ${true}
    ${{ isTTY: true }} | ${{ NO_COLOR: '1' }} | ${false}
    ${{ isTTY: true }} | ${{ NO_COLOR: '' }}  | ${true}
    ${{}}              | ${{}}                | ${false}
    ${{}}              | ${{ CI: 'true' }}    | ${false}
  `('terminal: $tty with $env has colours: $coloured', ({ tty, env, coloured }) => {
    expect(written(tty, env).terminal.colours.isColorSupported).toBe(coloured)
  })
})

describe('oneLine', () => {
  test('oneLine: a name from outside cannot move the cursor or turn the text around', () => {
    expect(oneLine('\u001b[2JApp\r\nof \u202eevil\u0007')).toBe('App of  evil')
    expect(oneLine('経理アプリ')).toBe('経理アプリ')
  })

  test('oneLine: whatever comes in, no control character comes out', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(oneLine(text)).not.toMatch(/[\p{Cc}\u2028\u2029]/u)))
  })
})
