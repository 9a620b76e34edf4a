"""pyHanko as a service on standard input and output: one JSON object a line each way, in order. No network."""

import json
import logging
import sys
import time
from datetime import datetime
from io import BytesIO

from asn1crypto import crl, keys, pem, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore


def der(path):
    with open(path, 'rb') as file:
        data = file.read()
    return pem.unarmor(data)[2] if pem.detect(data) else data


def certificate(path):
    return x509.Certificate.load(der(path))


def milliseconds(began):
    return (time.perf_counter() - began) * 1000


def verify(request):
    """`ms` is the library's own work on the file: opening it and validating every signature in it."""
    options = {'allow_fetching': False, 'trust_roots': [certificate(path) for path in request['trusted']]}
    if request.get('crls'):
        options['crls'] = [crl.CertificateList.load(der(path)) for path in request['crls']]
    if request.get('at'):
        options['moment'] = datetime.fromisoformat(request['at'].replace('Z', '+00:00'))
    context = ValidationContext(**options)
    with open(request['pdf'], 'rb') as file:
        data = file.read()

    began = time.perf_counter()
    found = PdfFileReader(BytesIO(data), strict=request.get('strict', True)).embedded_regular_signatures
    results = [judge(embedded, context) for embedded in found]
    ms = milliseconds(began)
    return {'signatures': [describe(embedded, *result) for embedded, result in zip(found, results)], 'ms': ms}


def judge(embedded, context):
    """One signature that the library refuses to read must not hide what it says of the others."""
    try:
        return validate_pdf_signature(embedded, context), None
    except Exception as error:
        return None, f'{type(error).__name__}: {error}'


def describe(embedded, status, error):
    if status is None:
        return {'field': embedded.field_name, 'error': error}
    timestamp = status.timestamp_validity
    return {
        'field': embedded.field_name,
        'intact': status.intact,
        'valid': status.valid,
        'trusted': status.trusted,
        'docmdpOk': status.docmdp_ok,
        'coverage': status.coverage.name if status.coverage else None,
        'modificationLevel': status.modification_level.name if status.modification_level else None,
        'bottomLine': status.bottom_line,
        'timestamp': None
        if timestamp is None
        else {
            'intact': timestamp.intact,
            'valid': timestamp.valid,
            'trusted': timestamp.trusted,
            'time': timestamp.timestamp.isoformat(),
        },
        'summary': status.summary(),
        'error': None,
    }


def private_key(path):
    data = der(path)
    try:
        key = keys.PrivateKeyInfo.load(data)
        key['private_key_algorithm'].native
        return key
    except ValueError:
        return keys.PrivateKeyInfo.wrap(keys.ECPrivateKey.load(data), 'ec')


def seal(request):
    """`ms` has one figure a repetition: the library's call that seals, keys loaded and the file in memory."""
    signer = SimpleSigner(
        signing_cert=certificate(request['certificate']),
        signing_key=private_key(request['key']),
        cert_registry=store(request.get('chain', [])),
    )
    timestamper = None
    if request.get('tsaKey'):
        timestamper = DummyTimeStamper(
            certificate(request['tsaCertificate']),
            private_key(request['tsaKey']),
            certs_to_embed=store(request.get('tsaChain', [])),
        )
    metadata = PdfSignatureMetadata(
        field_name=request.get('field', 'Seal1'), subfilter=SigSeedSubFilter.PADES, md_algorithm='sha256'
    )
    with open(request['pdf'], 'rb') as file:
        data = file.read()
    times = []
    for _ in range(request.get('repeat', 1)):
        began = time.perf_counter()
        sealed = sign_pdf(
            IncrementalPdfFileWriter(BytesIO(data)), signature_meta=metadata, signer=signer, timestamper=timestamper
        )
        times.append(milliseconds(began))
    if request.get('out'):
        with open(request['out'], 'wb') as file:
            file.write(sealed.getvalue())
    return {'bytes': len(sealed.getvalue()), 'ms': times}


def store(paths):
    return SimpleCertificateStore.from_certs([certificate(path) for path in paths])


OPERATIONS = {'verify': verify, 'seal': seal}


def main():
    # What the library prints must not break the protocol.
    answers, sys.stdout = sys.stdout, sys.stderr
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        try:
            request = json.loads(line)
            answer = {**OPERATIONS[request['do']](request), 'error': None}
        except Exception as error:
            answer = {'error': f'{type(error).__name__}: {error}'}
        answers.write(json.dumps(answer, default=str) + '\n')
        answers.flush()


main()
