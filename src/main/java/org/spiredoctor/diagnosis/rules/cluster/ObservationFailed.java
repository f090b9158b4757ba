package org.spiredoctor.diagnosis.rules.cluster;

import com.google.auto.service.AutoService;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Discovery;
import org.spiredoctor.evidence.cluster.Installation;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.evidence.cluster.Snapshot;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.kube.Kind;

/**
 * Something was asked, and no usable answer came: a time-out, an error of the API server, a broken
 * connection, an answer that cannot be read. What a missing right hides is {@link
 * ClusterForbidden}'s.
 *
 * <p>Two answers of a server are only shown, and no rule needs them: its version, and what it says
 * of itself, which servers before 1.15 cannot say. Nothing else is an extra.
 */
@AutoService(Rule.class)
public final class ObservationFailed implements Rule {
  /** A cluster without spire-controller-manager does not have these kinds. */
  private static final Set<Kind> OPTIONAL =
      Set.of(Kind.CLUSTER_SPIFFE_ID, Kind.CLUSTER_STATIC_ENTRY);

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    Snapshot snapshot = cluster.evidence().snapshot();
    if (snapshot.cluster().seen().isEmpty() && snapshot.servers().isEmpty()) {
      return List.of(new Outcome.NotApplicable("the cluster was not reached"));
    }
    Set<String> missing = new LinkedHashSet<>();
    if (snapshot.cluster().seen().isPresent()) {
      listings(snapshot, missing);
    }
    // Those of what only calls itself SPIRE decide nothing.
    Set<Name> its = configMaps(cluster);
    snapshot.configMaps().entrySet().stream()
        .filter(one -> its.contains(one.getKey()))
        .forEach(one -> configMap(one.getKey(), one.getValue(), missing));
    FailedLogs.inWords(snapshot).forEach(missing::add);
    snapshot.servers().values().forEach(said -> answers(said, missing));
    snapshot
        .access()
        .forEach(
            (right, answer) ->
                failed(answer, false)
                    .map(
                        unseen ->
                            "whether "
                                + right.account()
                                + " is allowed to "
                                + right.inWords()
                                + ": "
                                + inWords(unseen)
                                + "; check again")
                    .forEach(missing::add));
    cluster.evidence().agents().forEach(agents -> settings(agents, snapshot, missing));
    return Outcome.orPassed(Outcome.unknown(missing.stream()));
  }

  private static void listings(Snapshot snapshot, Set<String> missing) {
    for (Kind kind : Kind.values()) {
      failed(snapshot.objects(kind), !OPTIONAL.contains(kind))
          .map(
              unseen ->
                  inWords(unseen)
                      + "; check again, and if it stays so, see what answers "
                      + Kubectl.command("get", kind.plural(), "-A"))
          .forEach(missing::add);
    }
  }

  private static Set<Name> configMaps(ClusterCase cluster) {
    return cluster.evidence().installations().stream()
        .flatMap(Installation::components)
        .flatMap(ObservationFailed::configMaps)
        .collect(Collectors.toSet());
  }

  private static Stream<Name> configMaps(Component component) {
    return component.specimen().stream()
        .flatMap(pod -> Discovery.configMaps(pod).stream())
        .map(name -> new Name(component.namespace(), name));
  }

  private static void configMap(Name name, Observed<?> map, Set<String> missing) {
    failed(map, true)
        .map(
            unseen ->
                "the config map "
                    + name.namespace()
                    + "/"
                    + name.name()
                    + ", which pods of SPIRE mount: "
                    + inWords(unseen)
                    + "; see "
                    + Kubectl.command("get", "configmap", "-n", name.namespace(), name.name()))
        .forEach(missing::add);
  }

  private static void answers(ServerAnswers said, Set<String> missing) {
    Stream.<Observed<?>>of(
            said.health(),
            said.agents(),
            said.entries(),
            said.bundle(),
            said.federated(),
            said.relationships())
        .flatMap(answer -> failed(answer, true))
        .map(
            unseen ->
                "what the SPIRE server says, "
                    + said.route().inWords()
                    + ": "
                    + inWords(unseen)
                    + "; check again, and read the server's log")
        .forEach(missing::add);
  }

  /** Which pods use the agents' socket is a matter of the agents' settings. */
  private static void settings(Component agents, Snapshot snapshot, Set<String> missing) {
    if (!agents.config().known() && !agents.tellsSocket()) {
      missing.add(
          "the configuration of "
              + agents.inWords()
              + (unread(agents, snapshot)
                  ? ": not all config maps that its pods mount were read"
                  : ": no config map that its pods mount holds it")
              + ", so that it is not known where its socket is and which pods use it");
    }
  }

  private static boolean unread(Component component, Snapshot snapshot) {
    return configMaps(component)
        .map(name -> Optional.ofNullable(snapshot.configMaps().get(name)))
        .anyMatch(map -> map.flatMap(Observed::seen).isEmpty());
  }

  /** A failure of another kind than a missing right. */
  private static Stream<Unseen<?>> failed(Observed<?> observed, boolean absentToo) {
    return observed instanceof Unseen<?> unseen
            && (unseen.reason() == Reason.FAILED || (absentToo && unseen.reason() == Reason.ABSENT))
        ? Stream.of(unseen)
        : Stream.empty();
  }

  private static String inWords(Unseen<?> unseen) {
    return unseen.asked() + ": " + unseen.why();
  }
}
