/**
 * The same count by a database: sign-ins by five minutes and by code, and approximately how many users. Undefined where
 * DuckDB is not installed, which only the benchmark uses.
 */
export async function countWithDuckDb(file: string, threads: number): Promise<(() => Promise<void>) | undefined> {
  const { DuckDBInstance } = await import('@duckdb/node-api').catch(() => ({ DuckDBInstance: undefined }))
  if (!DuckDBInstance) return undefined
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) })
  const connection = await instance.connect()
  const source = `read_json('${file.replaceAll("'", "''")}', format = 'newline_delimited', columns = {createdDateTime: 'TIMESTAMP', userId: 'VARCHAR', status: 'STRUCT(errorCode BIGINT)'})`
  const query = `select time_bucket(interval 5 minute, createdDateTime) as bucket, status.errorCode as code, count(*), approx_count_distinct(userId) from ${source} group by all`
  return async () => {
    const rows = await connection.runAndReadAll(query)
    if (rows.currentRowCount === 0) throw new Error('DuckDB counted nothing.')
  }
}
