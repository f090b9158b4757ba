package org.spiredoctor.cli.options;

import io.spiffe.spiffeid.TrustDomain;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.evidence.Address;
import org.spiredoctor.evidence.AddressSearch;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.PodFiles;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What is expected of the Workload API, and where it is. */
public final class EndpointOptions {
  @Option(
      names = "--socket",
      paramLabel = "ADDRESS",
      description = {
        "unix:///PATH, /PATH or tcp://IP:PORT; default: what the variables"
            + " SPIFFE_ENDPOINT_SOCKET, SPIRE_AGENT_SOCKET, SOCKET_DIR and SOCKET_FILE say,"
            + " else a socket at a usual place, else /tmp/spire-agent/public/api.sock"
      })
  private @Nullable String socket;

  @Option(
      names = "--trust-domain",
      paramLabel = "NAME",
      description = "Expect SVIDs of this trust domain (default: $SPIRE_TRUST_DOMAIN)")
  private @Nullable TrustDomain trustDomain;

  /**
   * The address.
   *
   * @throws UsageException when the flag's is malformed; a variable's is a finding instead
   */
  public Address address(Map<String, String> environment) throws UsageException {
    Address address =
        new AddressSearch(environment, path -> kind(path) == FileKind.SOCKET)
            .find(Optional.ofNullable(socket));
    if (address.origin() == Address.Origin.FLAG && address.problem().isPresent()) {
      throw new UsageException(
          "--socket "
              + address.text()
              + ": "
              + address.problem().get()
              + address.suggestion().map(meant -> "; did you mean " + meant + "?").orElse(""));
    }
    return address;
  }

  private static FileKind kind(Path path) {
    return PodFiles.step(path).kind();
  }

  /** The trust domain that is expected. */
  public Optional<TrustDomain> trustDomain(Map<String, String> environment) throws UsageException {
    String variable = environment.getOrDefault("SPIRE_TRUST_DOMAIN", "");
    if (trustDomain != null || variable.isEmpty()) {
      return Optional.ofNullable(trustDomain);
    }
    try {
      return Optional.of(new TrustDomainConverter().convert(variable));
    } catch (TypeConversionException e) {
      throw new UsageException("SPIRE_TRUST_DOMAIN: " + e.getMessage());
    }
  }

  /** The same, or else what the variable of the scripts says, {@code TRUST_DOMAIN}. */
  public Optional<TrustDomain> trustDomainOfTests(Map<String, String> environment)
      throws UsageException {
    Optional<TrustDomain> given = trustDomain(environment);
    String variable = environment.getOrDefault("TRUST_DOMAIN", "");
    if (given.isPresent() || variable.isEmpty()) {
      return given;
    }
    try {
      return Optional.of(new TrustDomainConverter().convert(variable));
    } catch (TypeConversionException e) {
      throw new UsageException("TRUST_DOMAIN: " + e.getMessage());
    }
  }
}
