/**
 * Backups as the Python package `securetar` 2026.10.0 writes them, password `the-kit-key`: `backup.json`, and
 * `homeassistant.tar.gz` with `data/secrets.yaml` ("wifi: one") in it. Compressed with gzip, in base64.
 */
export const SECURETAR_VECTORS: Readonly<Record<2 | 3, string>> = {
  2: [
    'H4sIAAAAAAACA+3VTSgEcRjH8cl7DjiInEx7stTszOy8eGmL8lbkpZVcHMbsPxZr1+xMqxVL0R7E0YEUpdwkF0ltiJJEFJEDcnKRlKIkQ0lerr',
    'sHfp/L8/Rc/qdvf8bWpqhdho/p9Ht7qOhgTZIgvE/T98myvP1zf7tz5kWkaJaKAcOvK5r5PPU/9Vt8mlcnqk5clmJa1wwyQMH/wdgYW2mD0ldN',
    'FBfRotf/L91/Nm8XfvTP8RTdh/6jji+kPbrbQxycXCQKMidIEiOKsiTyYirq+Ps6vB6i+P1us4IenTFTYNqDsf7/eYmlONHOcpxdMKfZP8+yMv',
    '7/WHAS1dBIk6LFfTkHPpbRyge5eyI7RT2JWGcXllv2h7YTQslS77Tr+dDV3H+UMajSVXNp2tKscXp6nz7jsR40R+TJi5Wy+8f0jfndc0dRwcj1',
    'WKZl8cWZv7S3dhyq8AVbc/JWQzebZ0/dQ+u5SqOz1ld+NdV5az3fHc69C0uXGyU7WcGHcEvSzXhiTWBuyz0VH6m3kHBdQRjFAgAAAAAAAAAAAA',
    'AAAAD87hVfuH5uACgAAA==',
  ].join(''),
  3: [
    'H4sIAAAAAAACA9PTT0pMzi4t0Msqzs9joA0wAAIzExMwDQTotIGBkTGCDRI3BIqYMigYMNABlBaXJBYBrWcYmaBaqaAovyQ1uSQ1RclKoaSoNL',
    'WWYRSMHKCnr6fvEJBY4ZGamJJaRLv8jyXfI/K8MWb+NzRkUKgYzf80B0bmCrklmbmptobmlqYm5oYmZmZ6pmZmxkYWXKOZYwSAjPzc1MTi4kxg',
    'Lsgr0QNmBb30KnrX/yZGBgyGpsYGhobGJkAamP+NDAxG63+6gODU5NKi1JDEImYU4XIYY9+Dg5YvGOdZcot9ufBkL3s6W7XYi3iPW/nvj7EeKo',
    'tK5brce/TDukTflKMsKudtvW+kTf3VIlQso2TAU/d+zlvOV+1zuyU6o+byTb7MONlpXW19k+1XwfDSOwEi5vFzZ0224pUQS+FXYAs9KcJzb+sJ',
    'b5syTtvNv/oOtarNfRUq5mfFtN7A/hTjhllbQx+e3COoUZAQr3qkP8Hr+TH53d3r2ias63miv+Q0G9dj2ak3Vlk6s3sfsdgV/r4mt4Pve4hcz8',
    '61j8I9jFgryxZy5me9WRWbvyc177HZ+554y8VFnckhFhoaU15+B5rl2mo56a3U9+RT/29/K20cLRFGwSgYBaNgFIyCUTAKRsEoGAWjYBSMglEw',
    'CkbBKBgFo2AUjIJRMApGwSgYBUMVAABo9jghACgAAA==',
  ].join(''),
};
