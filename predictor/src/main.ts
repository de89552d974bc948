#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// With the compiled form of its modules at hand, Node need not load its TypeScript parser, which is 30 MB; so this
// comes before anything else is loaded (docs/decisions/0104).
enableCompileCache();

const { runProgram } = await import('./cli/program.ts');
await runProgram();
