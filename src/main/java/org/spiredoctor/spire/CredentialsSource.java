package org.spiredoctor.spire;

import io.spiffe.bundle.x509bundle.X509Bundle;
import io.spiffe.bundle.x509bundle.X509BundleSet;
import io.spiffe.exception.X509BundleException;
import io.spiffe.exception.X509SvidException;
import io.spiffe.spiffeid.TrustDomain;
import io.spiffe.svid.x509svid.X509Svid;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Where an identity comes from that something is done with. */
public sealed interface CredentialsSource {

  /**
   * Fetches them; there is at least one.
   *
   * @throws CredentialsException when there is none
   */
  List<Credentials> fetch() throws CredentialsException, InterruptedException;

  /** Where from, in words. */
  String inWords();

  /**
   * Those that an agent gives to this process.
   *
   * @param limit how long that may take
   */
  record FromWorkloadApi(Endpoint endpoint, Duration limit) implements CredentialsSource {
    @Override
    public List<Credentials> fetch() throws CredentialsException, InterruptedException {
      List<Credentials> kept = new CopyOnWriteArrayList<>();
      BlockingQueue<CallEvent> events = new LinkedBlockingQueue<>();
      long end = System.nanoTime() + limit.toNanos();
      try (WorkloadApi api = new WorkloadApi(endpoint);
          Call _ = api.startKeeping(kept::add, limit, events::add)) {
        while (true) {
          switch (events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            case CallEvent.Connected() -> {}
            case CallEvent.Answered(Answer _) -> {
              if (kept.isEmpty()) {
                throw new CredentialsException("none of the X.509-SVIDs that came is sound");
              }
              return List.copyOf(kept);
            }
            case CallEvent.Ended(Ending ending) -> throw new CredentialsException(ending.inWords());
            case null -> throw new CredentialsException("no answer in " + limit.toSeconds() + " s");
          }
        }
      }
    }

    @Override
    public String inWords() {
      return "the Workload API at " + endpoint;
    }
  }

  /**
   * One in files, PEM or DER.
   *
   * @param bundle of the server's trust domain
   * @param trustDomain of the server; that of the SVID when absent
   */
  record FromFiles(Path svid, Path key, Path bundle, Optional<TrustDomain> trustDomain)
      implements CredentialsSource {
    @Override
    public List<Credentials> fetch() throws CredentialsException {
      X509Svid loaded;
      try {
        loaded = X509Svid.load(svid, key);
      } catch (X509SvidException | IllegalArgumentException e) {
        // An IllegalArgumentException's text may be about the key.
        throw new CredentialsException(
            svid
                + " and "
                + key
                + " are no X.509-SVID and its key"
                + (e instanceof X509SvidException ? ": " + e.getMessage() : ""));
      }
      Optional<String> flaw =
          KeyCheck.flaw(loaded.getPrivateKey(), loaded.getLeaf().getPublicKey());
      if (flaw.isPresent()) {
        throw new CredentialsException(svid + " and " + key + ": " + flaw.get());
      }
      X509BundleSet bundles = X509BundleSet.emptySet();
      try {
        bundles.put(
            X509Bundle.load(trustDomain.orElse(loaded.getSpiffeId().getTrustDomain()), bundle));
      } catch (X509BundleException e) {
        throw new CredentialsException(bundle + " is no bundle: " + e.getMessage());
      }
      return List.of(new Credentials(loaded, bundles));
    }

    @Override
    public String inWords() {
      return svid.toString();
    }
  }
}
