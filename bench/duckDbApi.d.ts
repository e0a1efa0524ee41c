/** What of DuckDB's package is used, so that the types can be checked where it is not installed. */
declare module '@duckdb/node-api' {
  interface DuckDBConnection {
    runAndReadAll(query: string): Promise<{ readonly currentRowCount: number }>
  }
  export const DuckDBInstance: {
    create(path: string, options: Readonly<Record<string, string>>): Promise<{ connect(): Promise<DuckDBConnection> }>
  }
}
