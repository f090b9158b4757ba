package org.spiredoctor.kube.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A token in a file that somebody renews, as the kubelet does those of service accounts: it is read
 * again each minute, as client-go does, and when it was refused.
 */
final class TokenFile implements Credentials {
  private static final Duration PERIOD = Duration.ofMinutes(1);
  private static final int LARGEST = 1024 * 1024;

  private final Path file;
  private final Optional<ClientCertificate> certificate;
  private final InstantSource clock;
  private Shown shown;
  private Instant readAt;

  /**
   * Reads it.
   *
   * @param instead a token for when the file cannot be read; empty for none
   */
  TokenFile(Path file, String instead, Optional<ClientCertificate> certificate, InstantSource clock)
      throws ConfigException {
    this.file = file;
    this.certificate = certificate;
    this.clock = clock;
    this.readAt = clock.instant();
    this.shown =
        instead.isEmpty()
            ? read()
            : orElse(Shown.bearer(instead, certificate, "the token beside the token file " + file));
  }

  private Shown orElse(Shown before) {
    try {
      return read();
    } catch (ConfigException e) {
      return before;
    }
  }

  private Shown read() throws ConfigException {
    String what = "token file " + file;
    String text = new String(Kubeconfig.bytes(file, LARGEST, what), StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) {
      throw new ConfigException(what + " is empty");
    }
    return Shown.bearer(text, certificate, what);
  }

  @Override
  public synchronized Shown now() {
    Instant now = clock.instant();
    if (!now.isBefore(readAt.plus(PERIOD))) {
      shown = orElse(shown);
      readAt = now;
    }
    return shown;
  }

  @Override
  public synchronized boolean renewed(Shown refused) {
    if (shown.equals(refused)) {
      shown = orElse(shown);
    }
    return !shown.equals(refused);
  }
}
