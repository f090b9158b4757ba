package org.spiredoctor.evidence.cluster;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream of which not more is read than fits: a small file can hold a lot of one character. */
final class BoundedStream extends FilterInputStream {
  private final long limit;
  private final String what;
  private long left;

  /**
   * @param limit in bytes
   * @param what is said of a longer one
   */
  BoundedStream(InputStream in, long limit, String what) {
    super(in);
    this.limit = limit;
    this.left = limit;
    this.what = what;
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    count(b < 0 ? 0 : 1);
    return b;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int n = super.read(into, offset, length);
    count(Math.max(0, n));
    return n;
  }

  private void count(int bytes) throws IOException {
    left -= bytes;
    if (left < 0) {
      throw new IOException(what.formatted(limit >> 20));
    }
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
