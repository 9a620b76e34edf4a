import { newWebhookSecret, secretText, signatureHeaders } from './signature'

describe('a signature', () => {
  it('is that of the Standard Webhooks test vector', () => {
    const secret = new Uint8Array(Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64'))
    const signed = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', seconds: 1614265330, body: '{"test": 2432232314}' }
    expect(signatureHeaders(signed, [secret])).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
  })

  it('is another for another secret, id, time or body, and there is one for each secret', () => {
    const [one, two] = [newWebhookSecret(), newWebhookSecret()]
    const signed = { id: 'msg_1', seconds: 1, body: '{}' }
    const all = [
      signatureHeaders(signed, [one]),
      signatureHeaders(signed, [two]),
      signatureHeaders({ ...signed, id: 'msg_2' }, [one]),
      signatureHeaders({ ...signed, seconds: 2 }, [one]),
      signatureHeaders({ ...signed, body: '[]' }, [one]),
    ].map((headers) => headers['webhook-signature'])
    expect(new Set(all).size).toBe(all.length)
    expect(signatureHeaders(signed, [one, two])['webhook-signature']).toBe(`${all[0]} ${all[1]}`)
    expect(secretText(one)).toMatch(/^whsec_[\w+/]{43}=$/)
  })
})
