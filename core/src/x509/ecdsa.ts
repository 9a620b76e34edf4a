import { concat, fromHex, toHex } from '../encode/bytes'
import { type Der, DerError, readDer } from '../encode/der'
import { fieldsOf } from '../encode/der-fields'
import { readInteger } from '../encode/der-values'
import { integer, sequence } from '../encode/der-write'
import { X509Error } from './x509-error'

/** The NIST curves, by their WebCrypto names. */
export type EcCurve = 'P-256' | 'P-384' | 'P-521'

/** SEC 2, 2.4.2, 2.5.1 and 2.6.1: the order n of each curve's base point. */
const ORDER: Readonly<Record<EcCurve, bigint>> = {
  'P-256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  'P-384': 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  'P-521':
    0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
}

/** Bytes of one coordinate, and of r and s each in a P1363 signature. */
export const FIELD_BYTES: Readonly<Record<EcCurve, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66 }

/** A DER signature of P-521 takes 139 bytes. */
const MAX_SIGNATURE_BYTES = 160

interface Pair {
  readonly r: bigint
  readonly s: bigint
}

function checkRange(pair: Pair, curve: EcCurve): Pair {
  const n = ORDER[curve]
  if (pair.r < 1n || pair.s < 1n || pair.r >= n || pair.s >= n) {
    throw new X509Error('SIGNATURE_INVALID', 'r or s is outside 1 to n - 1')
  }
  return pair
}

/** RFC 3279 2.2.3.  Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER } */
function readPair(signature: Uint8Array, curve: EcCurve): Pair {
  try {
    const fields = fieldsOf(readDer(signature, { maxBytes: MAX_SIGNATURE_BYTES }))
    const pair = { r: readInteger(fields.take()), s: readInteger(fields.take()) }
    fields.end()
    return checkRange(pair, curve)
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause
    throw new X509Error('SIGNATURE_INVALID', 'not a DER ECDSA signature', {}, cause)
  }
}

function bigEndian(value: bigint, bytes: number): Uint8Array {
  return fromHex(value.toString(16).padStart(2 * bytes, '0'))
}

/**
 * A DER signature in the fixed-length form r ‖ s of IEEE P1363 that WebCrypto takes.
 * @throws {@link X509Error} `SIGNATURE_INVALID` unless it is strict DER with r and s from 1 to n - 1.
 */
export function ecdsaSignatureToRaw(signature: Uint8Array, curve: EcCurve): Uint8Array {
  const { r, s } = readPair(signature, curve)
  return concat(bigEndian(r, FIELD_BYTES[curve]), bigEndian(s, FIELD_BYTES[curve]))
}

function lowS(pair: Pair, curve: EcCurve): Der {
  const n = ORDER[curve]
  return sequence(integer(pair.r), integer(pair.s > n / 2n ? n - pair.s : pair.s))
}

/**
 * The DER form, with the lower of the two equivalent s values, of a P1363 signature r ‖ s.
 * @param raw - 64 bytes for P-256, 96 for P-384, 132 for P-521.
 * @throws {@link X509Error} `SIGNATURE_INVALID` for another length, or r or s outside 1 to n - 1.
 */
export function ecdsaSignatureFromRaw(raw: Uint8Array, curve: EcCurve = 'P-256'): Der {
  return lowS(readRaw(raw, curve), curve)
}

function readRaw(raw: Uint8Array, curve: EcCurve): Pair {
  const half = FIELD_BYTES[curve]
  if (raw.length !== 2 * half) {
    throw new X509Error('SIGNATURE_INVALID', `expected ${2 * half} bytes, got ${raw.length}`)
  }
  const r = BigInt(`0x${toHex(raw.subarray(0, half))}`)
  const s = BigInt(`0x${toHex(raw.subarray(half))}`)
  return checkRange({ r, s }, curve)
}

/**
 * {@link isLowS} of a P1363 signature r ‖ s.
 * @throws {@link X509Error} `SIGNATURE_INVALID` for another length, or r or s outside 1 to n - 1.
 */
export function isLowSRaw(raw: Uint8Array, curve: EcCurve = 'P-256'): boolean {
  return readRaw(raw, curve).s <= ORDER[curve] / 2n
}

/**
 * The one low-S spelling of a signature: (r, s) and (r, n - s) both verify, so anybody can turn one into the other.
 * @throws {@link X509Error} `SIGNATURE_INVALID` unless it is strict DER with r and s from 1 to n - 1.
 */
export function normaliseLowS(signature: Uint8Array, curve: EcCurve = 'P-256'): Der {
  return lowS(readPair(signature, curve), curve)
}

/**
 * Whether s is the lower of its two equivalent values.
 * @throws {@link X509Error} `SIGNATURE_INVALID` unless it is strict DER with r and s from 1 to n - 1.
 */
export function isLowS(signature: Uint8Array, curve: EcCurve = 'P-256'): boolean {
  return readPair(signature, curve).s <= ORDER[curve] / 2n
}
