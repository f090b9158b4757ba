package org.spiredoctor.kube;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.kube.config.ApiTarget;
import org.spiredoctor.kube.config.Credentials.Shown;
import org.spiredoctor.kube.config.Impersonation;

/** An API server on the loopback interface, without TLS and credentials. */
public final class PlainApi {
  private PlainApi() {}

  /** A client of the server on this port. */
  public static KubeApi at(int port) {
    Shown nothing = new Shown(Optional.empty(), Optional.empty());
    return new KubeApi(
        new ApiTarget(
            URI.create("http://127.0.0.1:" + port),
            Optional.empty(),
            new ApiTarget.ServerTrust(Optional.empty(), false, Optional.empty()),
            Optional.empty(),
            Impersonation.NONE,
            () -> nothing),
        Map.of(),
        Duration.ofSeconds(20));
  }
}
