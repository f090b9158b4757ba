package org.spiredoctor.register;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.check.ClusterCheck;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.InstallationChoice;
import org.spiredoctor.evidence.cluster.ClusterAccess;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ControllerManager;
import org.spiredoctor.evidence.cluster.ServerAccess;
import org.spiredoctor.evidence.cluster.ServerByApi;
import org.spiredoctor.evidence.cluster.ServerProgram;
import org.spiredoctor.evidence.cluster.ServerRoute;
import org.spiredoctor.evidence.cluster.StaticEntry;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.registration.Origin;
import org.spiredoctor.registration.Problem;
import org.spiredoctor.registration.server.EntryStore;
import org.spiredoctor.registration.server.StoreByObjects;
import org.spiredoctor.registration.server.StoreByServer;
import org.spiredoctor.spire.CredentialsException;

/**
 * The SPIRE at which is registered.
 *
 * @param entries of its server
 * @param agents that are attested, and neither banned nor expired
 * @param controller that owns its entries, if one does
 */
record RegistrationTarget(
    ClusterEvidence evidence,
    InstallationCase home,
    List<Entry> entries,
    List<Agent> agents,
    Optional<ControllerManager> controller) {
  /** Five hundred entries on a slow datastore. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /**
   * Chooses it.
   *
   * @return nothing when no server told its entries and agents
   * @throws UsageException when there are several
   */
  static Optional<RegistrationTarget> of(ClusterCase cluster) throws UsageException {
    InstallationChoice choice = InstallationChoice.of(cluster);
    if (!choice.candidates().isEmpty() && !choice.haveServer()) {
      return Optional.empty();
    }
    InstallationCase one = choice.only().orElseThrow(() -> new UsageException(choice.question()));
    if (!one.installation().servers().isEmpty() && !one.installation().isCorroborated()) {
      throw new UsageException(
          "nothing shows that "
              + one.inWords()
              + " is SPIRE: if it is, name its namespace with --spire-namespace");
    }
    boolean told =
        one.installation().entries().seen().isPresent()
            && one.installation().attested().seen().isPresent();
    return told ? Optional.of(of(cluster.evidence(), one)) : Optional.empty();
  }

  private static RegistrationTarget of(ClusterEvidence evidence, InstallationCase home) {
    return new RegistrationTarget(
        evidence,
        home,
        home.entries(),
        home.installation().attested().seen().orElse(List.of()).stream()
            .filter(agent -> !agent.banned() && !agent.expiredAt(evidence.at()))
            .toList(),
        ControllerManager.of(evidence, home.installation().servers()).stream()
            // While its configuration is unknown it may delete what it did not make.
            .filter(c -> c.config().isEmpty() || c.ownsAllEntries())
            .findFirst());
  }

  /** What is compared with what shall be: the server's entries, or the objects that make them. */
  List<Entry> declared() {
    return controller
        .map(
            c ->
                evidence.snapshot().objects(Kind.CLUSTER_STATIC_ENTRY).seen().stream()
                    .flatMap(List::stream)
                    .filter(object -> c.actsOn(object.path("spec").path("className").asText()))
                    .map(StaticEntry::entry)
                    .toList())
        .orElse(entries);
  }

  /** Its trust domain, as far as it tells. */
  Optional<String> trustDomain() {
    return home.installation()
        .trustDomain()
        .or(() -> agents.stream().map(Agent::id).map(SpiffeIds::trustDomain).findFirst())
        .or(
            () ->
                evidence.bundles().seen().stream()
                    .flatMap(List::stream)
                    .map(TrustBundle::trustDomain)
                    .map(SpiffeIds::trustDomain)
                    .findFirst());
  }

  private Optional<ServerRoute> route() {
    return evidence.answers().map(said -> said.route()).filter(ServerRoute::overApi).findFirst();
  }

  /** {@code SPIRE server of example.org by …, 2 agents attested}. */
  String inWords() {
    String where =
        route()
            .map(ServerRoute::inWords)
            .or(
                () ->
                    home.installation()
                        .program()
                        .flatMap(p -> p.pod())
                        .map(pod -> "spire-server in pod " + pod.namespace() + "/" + pod.name()))
            .orElse("its API");
    String domain = trustDomain().map(name -> " of " + name).orElse("");
    String by =
        controller
            .map(c -> ", entries as ClusterStaticEntry: " + c.container() + " owns them")
            .orElse("");
    return "SPIRE server" + domain + " by " + where + ", " + attested() + by;
  }

  private String attested() {
    return agents.size() == 1 ? "1 agent attested" : agents.size() + " agents attested";
  }

  /**
   * What has to be seen before anything is changed, and was not; and a trust domain that is another
   * than was said.
   */
  List<Problem> unseen() {
    List<Problem> problems = new ArrayList<>();
    Optional<String> said = evidence.query().trustDomain();
    if (said.isPresent() && trustDomain().filter(its -> !its.equals(said.get())).isPresent()) {
      problems.add(
          new Problem(
              Origin.NONE,
              "",
              "the server is of the trust domain "
                  + trustDomain().orElse("")
                  + ", not of "
                  + said.get()
                  + " as --trust-domain, SPIRE_TRUST_DOMAIN or TRUST_DOMAIN says"));
    }
    if (controller.isPresent()) {
      evidence
          .snapshot()
          .objects(Kind.CLUSTER_STATIC_ENTRY)
          .missing()
          .map(why -> new Problem(Origin.NONE, "", "what is declared was not seen: " + why))
          .ifPresent(problems::add);
      if (controller.get().config().isEmpty()) {
        problems.add(
            new Problem(
                Origin.NONE,
                "",
                "the configuration of "
                    + controller.get().container()
                    + " was not seen, and so not the class that objects must name: it needs to get"
                    + " config maps in namespace "
                    + controller.get().server().namespace()));
      }
    }
    return List.copyOf(problems);
  }

  /**
   * Opens what entries are made with.
   *
   * @param direct the server's own
   * @throws IOException when it cannot be reached; with what was asked and what came back
   */
  EntryStore store(ClusterAccess access, EntryStore direct) throws IOException {
    if (controller.isEmpty()) {
      return direct;
    }
    try {
      return new StoreByObjects(access.open(LIMIT), controller.get());
    } catch (KubeException e) {
      throw new IOException(e.asked() + ": " + e.answer(), e);
    }
  }

  /**
   * The server's own entries, whatever makes them.
   *
   * @param check that has found it
   */
  EntryStore direct(ClusterCheck check, Optional<ServerAccess> access)
      throws IOException, InterruptedException {
    try {
      if (access.isPresent()) {
        return new StoreByServer(
            new ServerByApi(access.get(), LIMIT).open(route().flatMap(ServerRoute::as)));
      }
      ServerProgram program = home.installation().program().orElseThrow();
      // It was found over this connection.
      return check.kept().orElseThrow().store(program, LIMIT);
    } catch (CredentialsException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** The domains whose bundles the server has; none when it did not tell. */
  Optional<List<String>> federated() {
    return evidence
        .federatedBundles()
        .seen()
        .map(
            all ->
                Stream.concat(
                        all.stream().map(TrustBundle::trustDomain).map(SpiffeIds::trustDomain),
                        trustDomain().stream())
                    .toList());
  }
}
