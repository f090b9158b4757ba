package org.spiredoctor.diagnosis;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spiredoctor.kube.PodOwner;

/**
 * Which value of the official Helm chart (spiffe/helm-charts-hardened, charts/spire), or which
 * field of the zero trust workload identity manager's custom resources, sets what a remedy changes.
 */
final class ChartValues {
  /** The field of a pod, or the setting of a configuration, that a change sets. */
  private static final Pattern SETTING =
      Pattern.compile(
          "/spec/template/spec/(\\w+)"
              + "|\"template\":\\{\"spec\":\\{\"(\\w+)\""
              + "|s/\\((?:\\(\\^\\|\\[\\^A-Za-z0-9_]\\))?(\\w+)"
              + "|--(replicas)="
              + "|^[ \\t]*+(\\w+)[ \\t]*+[=:]",
          Pattern.MULTILINE);

  private static final String AGENT = "spire-agent";
  private static final String SERVER = "spire-server";
  private static final String DRIVER = "spiffe-csi-driver";
  private static final String OPERATOR = "zero-trust-workload-identity-manager";

  /** By component and setting. */
  private static final Map<String, String> VALUES = new HashMap<>();

  /** By the kind of the custom resource and setting. */
  private static final Map<String, String> FIELDS = new HashMap<>();

  static {
    for (String one : new String[] {"tolerations", "nodeSelector", "affinity"}) {
      Stream.of(AGENT, SERVER, DRIVER).forEach(of -> VALUES.put(of + " " + one, of + "." + one));
      Stream.of("SpireAgent", "SpireServer", "SpiffeCSIDriver")
          .forEach(of -> FIELDS.put(of + " " + one, "spec." + one));
    }
    for (String of : new String[] {AGENT, SERVER}) {
      VALUES.put(of + " trust_domain", "global.spire.trustDomain");
    }
    agent("cluster", "global.spire.clusterName");
    agent("dnsPolicy", "spire-agent.dnsPolicy");
    agent("hostNetwork", "spire-agent.hostNetwork");
    agent("server_port", "spire-agent.server.port");
    agent(
        "disable_container_selectors",
        "spire-agent.workloadAttestors.k8s.disableContainerSelectors");
    agent("use_new_container_locator", "spire-agent.workloadAttestors.k8s.useNewContainerLocator");
    agent("skip_kubelet_verification", "spire-agent.workloadAttestors.k8s.verification.type");
    VALUES.put(
        SERVER + " service_account_allow_list",
        "spire-server.nodeAttestor.k8sPSAT.serviceAccountAllowList");
    VALUES.put(SERVER + " storageClassName", "global.spire.persistence.storageClass");
    FIELDS.put("SpireServer storageClassName", "spec.persistence.storageClass");
    VALUES.put(SERVER + " replicas", "spire-server.replicaCount");
    FIELDS.put(
        "SpireAgent disable_container_selectors",
        "spec.workloadAttestors.disableContainerSelectors");
  }

  private ChartValues() {}

  private static void agent(String setting, String value) {
    VALUES.put(AGENT + " " + setting, value);
  }

  /**
   * The value or field; absent where it is not known for sure.
   *
   * @param workload that is changed, or whose configuration is
   * @param change the text of the remedy
   */
  static Optional<String> of(Manager manager, PodOwner workload, String change) {
    Map<String, String> labels = workload.meta().labels();
    boolean operator =
        manager.tool() == Manager.Tool.CONTROLLER
            && labels.getOrDefault("app.kubernetes.io/managed-by", "").equals(OPERATOR);
    String of = operator ? manager.kind() : component(labels);
    return SETTING
        .matcher(change)
        .results()
        .flatMap(found -> Stream.of(1, 2, 3, 4, 5).map(i -> of + " " + found.group(i)))
        .flatMap(key -> Optional.ofNullable((operator ? FIELDS : VALUES).get(key)).stream())
        .findFirst();
  }

  /** The part of the chart; another chart may be called the same, but names its parts otherwise. */
  private static String component(Map<String, String> labels) {
    String chart = labels.getOrDefault("helm.sh/chart", "").replaceFirst("-\\d.*", "");
    String name = labels.getOrDefault("app.kubernetes.io/name", "");
    return chart.equals(name) || chart.equals("spire-" + name) ? chart : "";
  }
}
