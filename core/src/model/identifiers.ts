import { pattern } from './schema'

/** An institution: its MSP id on the channel. */
export type InstitutionId = string & { readonly __brand: 'InstitutionId' }
/** A seal, unique within its institution. */
export type SealId = string & { readonly __brand: 'SealId' }
/** The random 128-bit id of one SealSignature, fixed before signing and inside the signed bytes. */
export type SealSignatureId = string & { readonly __brand: 'SealSignatureId' }
/** 32 random bytes that keep a commitment from being guessed. */
export type Salt = string & { readonly __brand: 'Salt' }

export const institutionId = pattern<InstitutionId>(/^[A-Za-z][A-Za-z0-9.-]{0,63}$/, 'an institution id')
export const sealId = pattern<SealId>(/^[a-z0-9][a-z0-9-]{0,63}$/, 'a seal id: lower-case letters, digits, hyphens')
export const sealSignatureId = pattern<SealSignatureId>(/^[0-9a-f]{32}$/, '32 hexadecimal digits')
export const salt = pattern<Salt>(/^[0-9a-f]{64}$/, '64 hexadecimal digits')
