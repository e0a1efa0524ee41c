// The Azure SDK requires two ESM-only packages, which jest's loader cannot take. No jest test sends a request through a
// proxy inside this process: that is tested on the built product, in a process of its own.
class HttpsProxyAgent {}
class HttpProxyAgent {}
module.exports = { HttpsProxyAgent, HttpProxyAgent }
