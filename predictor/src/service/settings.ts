import { FAMILY_DEFAULTS, type FamilySettings } from '../models/settings.ts';

export interface PredictorSettings {
  /** A forecast is stale when more bars than this are due; room for holidays. */
  readonly ageBarsMax: number;
  /** A new version is fitted by itself once this many bars have come since the last fit; 0 means never. */
  readonly refitAfterBars: number;
  readonly family: FamilySettings;
}

export const SETTINGS_DEFAULTS: PredictorSettings = {
  ageBarsMax: 3,
  refitAfterBars: 21,
  family: FAMILY_DEFAULTS,
};
