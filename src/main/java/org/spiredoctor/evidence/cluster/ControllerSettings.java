package org.spiredoctor.evidence.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.spiredoctor.kube.Redaction;

/** Keeps of a spire-controller-manager's configuration the lines of settings that are named. */
final class ControllerSettings {
  private static final Set<String> SETTINGS =
      Set.of(
          ("apiVersion kind className watchClassless entryIDPrefix entryIDPrefixCleanup"
                  + " ignoreNamespaces clusterName clusterDomain trustDomain parentIDTemplate"
                  + " reconcile clusterSPIFFEIDs clusterStaticEntries clusterFederatedTrustDomains"
                  + " gcInterval spireServerSocketPath leaderElection leaderElect resourceName"
                  + " resourceNamespace syncPeriod staticManifestPath logLevel metrics health"
                  + " bindAddress healthProbeBindAddress webhook port")
              .split(" "));

  private static final String LIST = "ignoreNamespaces";

  private ControllerSettings() {}

  static String kept(String text) {
    List<String> kept = new ArrayList<>();
    boolean list = false;
    boolean open = false;
    for (String line : text.lines().toList()) {
      String words = withoutComment(line.strip());
      if (words.equals("{") || words.equals("}") || words.equals("},")) {
        kept.add(words);
        continue;
      }
      String key = key(words);
      boolean item = list && (open || words.startsWith("-"));
      if (item || SETTINGS.contains(key)) {
        kept.add(Redaction.text(line.substring(0, line.indexOf(words)) + words));
      }
      list = item || key.equals(LIST);
      open = list && (open ? words.indexOf(']') < 0 : opens(words));
    }
    return String.join("\n", kept) + "\n";
  }

  private static boolean opens(String words) {
    return words.lastIndexOf('[') > words.lastIndexOf(']');
  }

  private static String withoutComment(String line) {
    int comment = line.startsWith("#") ? 0 : line.indexOf(" #");
    return comment < 0 ? line : line.substring(0, comment).stripTrailing();
  }

  private static String key(String words) {
    int colon = words.indexOf(':');
    String key = colon < 0 ? "" : words.substring(0, colon).strip();
    return key.length() > 1 && key.startsWith("\"") && key.endsWith("\"")
        ? key.substring(1, key.length() - 1)
        : key;
  }
}
