import { Command } from 'commander';
import { backtestCommand } from './backtest.ts';
import { fitCommand } from './fit.ts';
import { forecastCommand } from './forecast.ts';
import { importCommand } from './import.ts';
import { reportFailure } from './output.ts';
import { serveCommand } from './serve.ts';

/** The command line, from the arguments of the process. */
export async function runProgram(): Promise<void> {
  const program = new Command('predictor')
    .description(
      'Probabilistic forecasts of market returns, prices and volatility, with their quality measured.',
    )
    .showHelpAfterError('(add --help for what can be said)')
    .addCommand(serveCommand())
    .addCommand(importCommand())
    .addCommand(fitCommand())
    .addCommand(forecastCommand())
    .addCommand(backtestCommand());

  try {
    await program.parseAsync();
  } catch (error) {
    reportFailure(error);
  }
}
