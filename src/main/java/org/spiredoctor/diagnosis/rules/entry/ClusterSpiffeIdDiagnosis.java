package org.spiredoctor.diagnosis.rules.entry;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.server.MissingRight;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ClusterSpiffeId;
import org.spiredoctor.evidence.cluster.ControllerManager;
import org.spiredoctor.identity.Misspelling;
import org.spiredoctor.kube.Pod;

/** Why a ClusterSPIFFEID does not become an entry. */
final class ClusterSpiffeIdDiagnosis {
  private ClusterSpiffeIdDiagnosis() {}

  static List<ControllerManager> controllers(ClusterCase cluster) {
    return cluster.installations().stream().flatMap(one -> one.controllers().stream()).toList();
  }

  private static List<ControllerManager> controllers(ClusterCase cluster, Pod pod) {
    return cluster.home(pod).map(InstallationCase::controllers).orElse(List.of());
  }

  /** Whether a controller-manager acts on it, as far as that is known. */
  static boolean isActedOn(ClusterCase cluster, ClusterSpiffeId id, Pod pod) {
    return controllers(cluster, pod).stream()
        .anyMatch(c -> c.config().isEmpty() || c.actsOn(id.className()));
  }

  /**
   * Whether no controller-manager acts on an object for want of a class, or for one that looks
   * misspelled: with any other class it may be another cluster's.
   */
  static boolean lacksClass(ClusterCase cluster, ClusterSpiffeId id, Pod pod) {
    return !isActedOn(cluster, id, pod)
        && (id.className().isEmpty()
            || (id.isIdle()
                && controllers(cluster, pod).stream()
                    .anyMatch(c -> Misspelling.isSlip(c.className(), id.className()))));
  }

  /** Whether the controller-managers of a pod's SPIRE make no entries in its namespace. */
  static boolean isIgnored(ClusterCase cluster, Pod pod) {
    List<ControllerManager> its = controllers(cluster, pod);
    return !its.isEmpty()
        && its.stream().allMatch(c -> c.config().isPresent() && c.ignores(pod.meta().namespace()));
  }

  /**
   * Whether it is for the pods of another SPIRE: only the other's controller-manager acts on it.
   */
  static boolean isForeign(ClusterCase cluster, ClusterSpiffeId id, Pod pod) {
    return cluster.severalInstallations()
        && controllers(cluster).stream().anyMatch(c -> c.actsOn(id.className()))
        && controllers(cluster, pod).stream().noneMatch(c -> c.actsOn(id.className()));
  }

  /** Says why, and adds to the finding what shows it and what repairs it. */
  static String why(ClusterCase cluster, ClusterSpiffeId id, Pod pod, Finding.Builder finding) {
    List<ControllerManager> controllers = controllers(cluster, pod);
    boolean told =
        !controllers.isEmpty() && controllers.stream().allMatch(c -> c.config().isPresent());
    if (told && controllers.stream().noneMatch(c -> c.actsOn(id.className()))) {
      return otherClass(cluster, controllers.getFirst(), id, finding);
    }
    String namespace = pod.meta().namespace();
    if (told && controllers.stream().allMatch(c -> c.ignores(namespace))) {
      finding
          .seen("spire-controller-manager", "ignoreNamespaces holds " + namespace)
          .remedy(
              new Remedy.Advice(
                  "Move the pod to another namespace, or take its namespace out of ignoreNamespaces"
                      + " in the controller-manager's configuration"));
      return "the controller-manager ignores namespace " + namespace;
    }
    return byStats(cluster.evidence(), controllers, id, finding);
  }

  private static String otherClass(
      ClusterCase cluster,
      ControllerManager controller,
      ClusterSpiffeId id,
      Finding.Builder finding) {
    String wanted = controller.className();
    finding
        .seen("ClusterSPIFFEID " + id.name(), "className " + named(id.className()))
        .seen("spire-controller-manager", "className " + named(wanted));
    // One with a class may be for another controller-manager, which is not seen from here.
    if (id.privileged() || !id.className().isEmpty()) {
      finding.remedy(
          new Remedy.Advice(
              "If it is meant for this SPIRE, and for no other, give it className "
                  + named(wanted)));
    } else {
      finding.remedy(giveClass(cluster, controller, id));
    }
    return "its className is not the one that the controller-manager acts on";
  }

  /** Lets a controller-manager act on it. */
  static Remedy giveClass(ClusterCase cluster, ControllerManager controller, ClusterSpiffeId id) {
    return new Remedy.Command(
        "If it is meant for this SPIRE, give it the class that the controller-manager acts on; then "
            + selected(cluster, id)
            + " an identity of it",
        patch(id, "\"className\":" + TextNode.valueOf(controller.className())));
  }

  /**
   * A command that changes one field of an object.
   *
   * @param field of its spec, in JSON
   */
  static String patch(ClusterSpiffeId id, String field) {
    return Kubectl.command(
        "patch", "clusterspiffeid", id.name(), "--type=merge", "-p", "{\"spec\":{" + field + "}}");
  }

  private static String selected(ClusterCase cluster, ClusterSpiffeId id) {
    List<String> selected =
        cluster.selectedBy(id).stream()
            .filter(pod -> !isIgnored(cluster, pod))
            .map(Pod::inWords)
            .toList();
    return selected.size() == 1 ? selected.getFirst() + " gets" : selected.size() + " pods get";
  }

  private static String named(String className) {
    return className.isEmpty() ? "not set" : className;
  }

  private static String byStats(
      ClusterEvidence evidence,
      List<ControllerManager> controllers,
      ClusterSpiffeId id,
      Finding.Builder finding) {
    ClusterSpiffeId.Stats stats = id.stats();
    finding
        .confidence(Confidence.LIKELY)
        .seen(
            "ClusterSPIFFEID " + id.name(),
            "status: podsSelected %d, podEntryRenderFailures %d, entriesMasked %d, entryFailures %d"
                .formatted(
                    stats.podsSelected(),
                    stats.renderFailures(),
                    stats.entriesMasked(),
                    stats.entryFailures()));
    if (stats.podsSelected() == 0 && controllers.isEmpty()) {
      finding.remedy(
          new Remedy.Advice(
              "Run spire-controller-manager beside the SPIRE server, or make the entry by hand"));
      return "no spire-controller-manager runs beside a SPIRE server";
    }
    Optional<MissingRight> right =
        controllers.stream().flatMap(c -> MissingRight.of(evidence, c).stream()).findFirst();
    if (right.isPresent()) {
      right.get().quote(finding.confidence(Confidence.CERTAIN));
      return right.get().inWords();
    }
    controllers.stream().findFirst().ifPresent(c -> finding.remedy(log(c)));
    if (stats.renderFailures() > 0) {
      finding.remedy(new Remedy.Advice("Correct the template that the log names"));
      return "its templates cannot be filled in for a pod";
    }
    if (stats.entryFailures() > 0) {
      return "the SPIRE server refuses an entry";
    }
    if (stats.entriesMasked() > 0) {
      finding.remedy(new Remedy.Advice("Let only one ClusterSPIFFEID select the pod"));
      return "another one asks for the same entry, and is older";
    }
    finding.confidence(stats.podsSelected() == 0 ? Confidence.LIKELY : Confidence.POSSIBLE);
    return stats.podsSelected() == 0
        ? "the controller-manager has not acted on it"
        : "the controller-manager does not tell why";
  }

  private static Remedy log(ControllerManager controller) {
    return new Remedy.Command(
        "See what the controller-manager says of it",
        Kubectl.command(
            "logs",
            "-n",
            controller.server().namespace(),
            controller
                .server()
                .owner()
                .map(Kubectl::kindAndName)
                .orElseGet(() -> "pod/" + controller.server().pods().getFirst().meta().name()),
            "-c",
            controller.container(),
            "--tail=200"));
  }
}
