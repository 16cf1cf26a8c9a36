import { Type } from 'typebox';

export const config = Type.Object({}, { additionalProperties: false });
