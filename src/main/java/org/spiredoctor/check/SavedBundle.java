package org.spiredoctor.check;

import java.io.IOException;
import java.nio.file.Path;
import org.spiredoctor.console.FileFailure;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.evidence.cluster.Bundle;
import org.spiredoctor.evidence.cluster.Snapshot;

/**
 * A bundle that is examined instead of a cluster.
 *
 * @param largest how many bytes it may hold, decompressed
 */
public record SavedBundle(Path file, long largest) {
  /** What was seen when it was saved. */
  Snapshot read() throws UsageException {
    try {
      return Bundle.read(file, largest);
    } catch (IOException e) {
      throw new UsageException("--from " + file + " cannot be read: " + FileFailure.inWords(e));
    }
  }
}
