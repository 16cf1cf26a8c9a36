import { type Static, Type } from 'typebox';

export const config = Type.Object({}, { additionalProperties: false });

export type Config = Static<typeof config>;
