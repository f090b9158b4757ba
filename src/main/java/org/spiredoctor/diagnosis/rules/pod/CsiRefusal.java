package org.spiredoctor.diagnosis.rules.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spiredoctor.diagnosis.AgentSockets;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.CsiDriver;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Json;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.PodOwner;
import org.spiredoctor.kube.Volume;

/**
 * Volumes of the SPIFFE CSI driver are forbidden: OpenShift compares the profile that the CSIDriver
 * object is labelled with to the level of the namespace, and SPIRE's chart has a policy for the
 * driver of a nested SPIRE.
 *
 * @param driver its name; absent where the policy forbids the volumes of all drivers
 */
record CsiRefusal(Optional<String> driver) implements VolumeRefusal {
  private static final Pattern DRIVER =
      Pattern.compile("(?<![\\w.-])([a-z0-9.-]{0,60}csi\\.spiffe\\.io)(?![\\w-])");

  private static final String SUFFIX = "/csi-ephemeral-volume-profile";
  private static final String PROFILE = "security.openshift.io" + SUFFIX;
  private static final String ENFORCE = "pod-security.kubernetes.io/enforce";
  private static final List<String> LEVELS = List.of("privileged", "baseline", "restricted");

  static Optional<VolumeRefusal> parse(String message) {
    if (message.contains("csi volumes are not allowed to be used")) {
      return Optional.of(new CsiRefusal(Optional.empty()));
    }
    Matcher driver = DRIVER.matcher(message);
    return (message.contains("forbidden") || message.contains("denied")) && driver.find()
        ? Optional.of(new CsiRefusal(Optional.of(driver.group(1))))
        : Optional.empty();
  }

  @Override
  public boolean concerns(ClusterCase cluster, Volume volume) {
    return volume instanceof Volume.Csi csi
        && driver.map(csi.driver()::equals).orElseGet(() -> AgentSockets.isSpiffe(csi.driver()));
  }

  @Override
  public String describe(
      ClusterCase cluster,
      Event event,
      Optional<PodOwner> owner,
      Optional<Component> spire,
      Finding.Builder finding) {
    boolean byProfile =
        driver.isPresent()
            && (event.message().contains("pod security enforce level")
                || event.message().contains(SUFFIX));
    if (byProfile) {
      return byProfile(cluster, event.namespace(), driver.orElseThrow(), finding);
    }
    finding.remedy(
        new Remedy.Advice(
            driver.isPresent()
                ? "Use another driver, or exempt the namespace from the policy that the event names"
                : "Give the pods' service account a security context constraint that allows csi"
                    + " volumes (in SPIRE's Helm chart spiffe-csi-driver.restrictedScc.enabled"
                    + " creates one)"));
    return "A policy of the cluster forbids volumes of the CSI driver "
        + driver.orElse("csi.spiffe.io")
        + " in namespace "
        + event.namespace()
        + ", so these pods are not created";
  }

  private static String byProfile(
      ClusterCase cluster, String namespace, String driver, Finding.Builder finding) {
    Map<String, String> ofDriver = labels(cluster, driver);
    String key =
        ofDriver.keySet().stream().filter(k -> k.endsWith(SUFFIX)).findFirst().orElse(PROFILE);
    String profile = ofDriver.getOrDefault(key, "");
    Map<String, String> ofNamespace =
        cluster.evidence().namespaceLabels().getOrDefault(namespace, Map.of());
    String level = ofNamespace.getOrDefault(ENFORCE, "");
    finding.seen(
        "CSIDriver " + driver,
        profile.isEmpty() ? "has no label " + key + ": privileged" : key + ": " + profile);
    finding.seen(
        "namespace " + namespace,
        level.isEmpty() ? "has no label " + ENFORCE + ": restricted" : ENFORCE + ": " + level);
    // Anybody can write an event; the labels show whether it is true.
    if (isSpires(cluster, driver) && isStricter(level, profile)) {
      finding.remedy(
          new Remedy.Command(
              "Allow the driver's volumes, which hold nothing but a socket, in namespaces of this"
                  + " level (in SPIRE's Helm chart: global.openshift, or"
                  + " spiffe-csi-driver.csiDriverLabels)",
              Kubectl.command(
                  "label",
                  "--overwrite",
                  "csidriver",
                  driver,
                  key + "=" + (level.isEmpty() ? "restricted" : level))));
    } else {
      finding.remedy(
          new Remedy.Advice(
              "Label the CSIDriver object with a profile that is not below the level of the"
                  + " namespace"));
    }
    if (!isStricter(level, profile)) {
      finding.confidence(Confidence.POSSIBLE);
      return "An event says that volumes of the CSIDriver "
          + driver
          + " are forbidden in namespace "
          + namespace
          + ", and these pods are not created; the labels of both do not show it";
    }
    return "The CSIDriver "
        + driver
        + (profile.isEmpty() ? " has no" : " has the")
        + " label "
        + key
        + (profile.isEmpty() ? "" : "=" + profile)
        + ", so its volumes are forbidden in namespace "
        + namespace
        + " of level "
        + (level.isEmpty() ? "restricted" : level)
        + ", and these pods are not created";
  }

  private static Map<String, String> labels(ClusterCase cluster, String driver) {
    return cluster
        .evidence()
        .snapshot()
        .objects(Kind.CSI_DRIVER)
        .seen()
        .orElse(List.<JsonNode>of())
        .stream()
        .filter(json -> json.at("/metadata/name").asText().equals(driver))
        .map(json -> Json.strings(json.at("/metadata/labels")))
        .findFirst()
        .orElse(Map.of());
  }

  private static boolean isSpires(ClusterCase cluster, String driver) {
    return CsiDriver.of(cluster.evidence().pods().seen().orElse(List.of())).stream()
        .filter(its -> its.name().equals(driver))
        .anyMatch(cluster.csiDrivers()::isCorroborated);
  }

  /** Where there is no label, a driver is privileged and a namespace restricted. */
  private static boolean isStricter(String level, String profile) {
    int needed = LEVELS.indexOf(level.isEmpty() ? "restricted" : level);
    return needed > (profile.isEmpty() ? 0 : LEVELS.indexOf(profile));
  }
}
