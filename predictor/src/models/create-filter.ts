import { createEwma } from './ewma.ts';
import { createGarch } from './garch.ts';
import { createHistorical } from './historical.ts';
import type { Filter, FittedModel } from './model.ts';

/** The fitted model, run over `history` (log returns in percent, oldest first). */
export function createFilter(model: FittedModel, history: Float64Array): Filter {
  switch (model.kind) {
    case 'historical':
      return createHistorical(model.name, model.windowBars, history);
    case 'ewma':
      return createEwma(model.name, model.lambda, history);
    case 'garch':
      return createGarch(model.name, model.parameters, history);
    default:
      return model satisfies never;
  }
}
