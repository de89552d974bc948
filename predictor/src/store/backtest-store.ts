import type { BacktestResult } from '../backtest/result.ts';
import type { Database } from './database.ts';
import type { BacktestRow } from './schema.ts';

export interface StoredBacktest {
  readonly createdMs: number;
  readonly result: BacktestResult;
}

/** The last backtest of each series. */
export class BacktestStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  put(createdMs: number, result: BacktestResult): Promise<void> {
    return this.#database.write((db) =>
      db.run(
        'REPLACE INTO backtests (symbol, created, body) VALUES (?, ?, ?)',
        result.symbol,
        createdMs,
        JSON.stringify(result),
      ),
    );
  }

  find(symbol: string): Promise<StoredBacktest | undefined> {
    return this.#database.read((db) => {
      const [row] = db.all<BacktestRow>('SELECT * FROM backtests WHERE symbol = ?', symbol);
      if (row === undefined) return undefined;
      // Written by `put` alone, from a BacktestResult.
      return { createdMs: row.created, result: JSON.parse(row.body) as BacktestResult };
    });
  }
}
