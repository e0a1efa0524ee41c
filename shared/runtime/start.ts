import { app } from '@azure/functions'
import { underPresentNames } from './renamedSettings'
import { wiring } from './wiring'

// Runs when the app starts: a wrong setting is said in the log at once, and every function says it again when asked.
app.hook.appStart(() => {
  for (const { words } of underPresentNames(process.env).warnings) process.stderr.write(`${words}\n`)
  try {
    wiring()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'The settings cannot be read.'}\n`)
  }
})
