package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.ControllerManager;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.kube.Kind;

/** A controller-manager wants a kind that the cluster does not have, and cannot work. */
@AutoService(Rule.class)
public final class ControllerCrdsOutdated implements Rule {
  private static final String SAYS = "no matches for kind";
  private static final Pattern KIND =
      Pattern.compile(SAYS + " \\\\?\"(Cluster[A-Za-z]+)\\\\?\" in version");
  private static final Map<String, Kind> LISTED =
      Map.of(
          "ClusterSPIFFEID",
          Kind.CLUSTER_SPIFFE_ID,
          "ClusterStaticEntry",
          Kind.CLUSTER_STATIC_ENTRY);
  private static final Map<String, String> PLURALS =
      Map.of("ClusterStaticEntry", "clusterstaticentries");

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Controllers.judge(cluster, controller -> judge(cluster, controller));
  }

  private Optional<Outcome> judge(ClusterCase cluster, ControllerManager controller) {
    Log log = controller.log(cluster.evidence());
    List<String> missing =
        log.lines().stream()
            .filter(line -> line.says(SAYS))
            .flatMap(line -> KIND.matcher(line.text()).results())
            .map((MatchResult found) -> found.group(1))
            .distinct()
            .filter(kind -> isMissing(cluster, controller, kind))
            .toList();
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    InstallationCase home = cluster.home(controller.server());
    Finding.Builder finding =
        cluster.name(
            home, Finding.error(this, Subject.of(controller.server()), cluster.scope(home)));
    log.last(SAYS)
        .ifPresent(line -> finding.seen("log of spire-controller-manager", line.inShort()));
    Controllers.release(controller)
        .ifPresent(
            version ->
                finding.remedy(
                    new Remedy.Command(
                        "Install the missing kinds, of the controller-manager's own version",
                        missing.stream()
                            .map(kind -> Kubectl.command("apply", "-f", definition(kind, version)))
                            .collect(Collectors.joining(" && ")))));
    finding.remedy(
        new Remedy.Advice(
            "Install the CRDs that belong to the controller-manager's version: with Helm upgrade"
                + " the chart spire-crds, which the chart spire does not do"));
    Controllers.restart(controller, "Then restart the controller-manager, with the server")
        .ifPresent(finding::remedy);
    return Optional.of(
        finding.found(
            "The controller-manager needs "
                + String.join(", ", missing)
                + ", which this cluster does not have, so it creates no entries"));
  }

  /** It may have been installed since the log was written. */
  private static boolean isMissing(ClusterCase cluster, ControllerManager controller, String kind) {
    Kind listed = LISTED.get(kind);
    if (listed == null) {
      return Controllers.unwell(controller);
    }
    return switch (cluster.evidence().snapshot().objects(listed)) {
      case Observed.Seen<?> _ -> false;
      case Observed.Unseen<?> unseen ->
          unseen.reason() == Reason.ABSENT || Controllers.unwell(controller);
    };
  }

  private static String definition(String kind, Release version) {
    return "https://raw.githubusercontent.com/spiffe/spire-controller-manager/v"
        + version
        + "/config/crd/bases/spire.spiffe.io_"
        + PLURALS.getOrDefault(kind, kind.toLowerCase(Locale.ROOT) + "s")
        + ".yaml";
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.CONTROLLER_FAILS, Effect.DECLARATION_NOT_APPLIED);
  }
}
