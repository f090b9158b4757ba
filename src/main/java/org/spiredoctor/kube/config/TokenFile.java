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
  private String token;
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
    this.token = instead.isEmpty() ? read() : orElse(instead);
  }

  private String orElse(String before) {
    try {
      return read();
    } catch (ConfigException e) {
      return before;
    }
  }

  private String read() throws ConfigException {
    String what = "token file " + file;
    String text = new String(Kubeconfig.bytes(file, LARGEST, what), StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) {
      throw new ConfigException(what + " is empty");
    }
    return text;
  }

  @Override
  public synchronized Shown now() {
    Instant now = clock.instant();
    if (!now.isBefore(readAt.plus(PERIOD))) {
      token = orElse(token);
      readAt = now;
    }
    return Shown.bearer(token, certificate);
  }

  @Override
  public synchronized boolean renewed() {
    String before = token;
    token = orElse(token);
    return !token.equals(before);
  }
}
