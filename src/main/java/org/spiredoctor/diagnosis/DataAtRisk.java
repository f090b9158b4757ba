package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.List;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Pod;

/**
 * Servers whose database goes with their pod: before a command replaces it, what they know has to
 * be saved.
 */
final class DataAtRisk {
  private record Server(InstallationCase home, Component component, Pod pod, String where) {}

  private final List<Server> servers;

  DataAtRisk(ClusterCase cluster) {
    this.servers =
        cluster.installations().stream()
            // One without entries has nothing to lose.
            .filter(one -> one.installation().entries().seen().filter(List::isEmpty).isEmpty())
            .flatMap(
                home ->
                    home.installation().servers().stream()
                        .flatMap(
                            its ->
                                its.pods().stream()
                                    .limit(1)
                                    .flatMap(
                                        pod ->
                                            ServerData.passing(its, pod).stream()
                                                .map(where -> new Server(home, its, pod, where)))))
            .toList();
  }

  /** The finding, with what has to be done before its first remedy that replaces such a pod. */
  Finding warn(Finding finding) {
    List<Remedy> remedies = new ArrayList<>(finding.remedies());
    for (Server server : servers) {
      for (int at = 0; at < remedies.size(); at++) {
        if (remedies.get(at) instanceof Remedy.Command command && replaces(command, server)) {
          remedies.add(at, save(server));
          break;
        }
      }
    }
    return remedies.size() == finding.remedies().size() ? finding : finding.remedied(remedies);
  }

  private static boolean replaces(Remedy.Command command, Server server) {
    Component component = server.component();
    String text = command.command();
    return (text.contains("kubectl delete pod -n " + Shell.quote(component.namespace()) + " ")
            && component.pods().stream()
                .anyMatch(pod -> Shell.words(text).contains(pod.meta().name())))
        || component
            .owner()
            .filter(
                owner ->
                    text.contains(Kubectl.restart(owner))
                        || ChangedObjects.of(command, Subject.of(component))
                            .contains(Subject.of(component)))
            .isPresent();
  }

  private static Remedy save(Server server) {
    String why =
        "the server's database is "
            + server.where()
            + ", and its entries go with its pod, as its keys do unless they are elsewhere";
    return server.pod().ready()
        ? new Remedy.Command(
            "Before its pod is replaced save its entries, unless they are declared elsewhere: "
                + why,
            server.home().commands().command("entry", "show", "-output", "json")
                + " > entries.json")
        : new Remedy.Advice("Replace its pod only if its entries are declared elsewhere: " + why);
  }
}
