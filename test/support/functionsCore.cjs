// Stands in for the module that the Functions host gives to an app: it records what the app registers.
const registered = { functions: [], hooks: [] }
module.exports = {
  version: '3.0.0-test',
  hostVersion: '4.0.0-test',
  registered,
  setProgrammingModel() {},
  getProgrammingModel() {},
  log() {},
  registerHook(name, callback) {
    registered.hooks.push({ name, callback })
    return { dispose() {} }
  },
  registerFunction(metadata, callback) {
    registered.functions.push({ metadata, callback })
    return { dispose() {} }
  },
  Disposable: class Disposable {
    dispose() {}
  },
}
