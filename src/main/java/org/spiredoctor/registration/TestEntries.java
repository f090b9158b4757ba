package org.spiredoctor.registration;

import java.util.List;
import java.util.Set;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.SpiffeIds;

/** What is registered where no file says otherwise: the workloads of an integration test. */
public final class TestEntries {
  private TestEntries() {}

  /**
   * Three, each for pods of one label.
   *
   * @param namespace of the pods
   * @param serviceAccount of the pods
   */
  public static List<Declared> of(String trustDomain, String namespace, String serviceAccount) {
    return List.of(
        entry("integration-test", "spire-integration-test", trustDomain, namespace, serviceAccount),
        entry("test-client", "test-client", trustDomain, namespace, serviceAccount),
        entry("test-server", "test-server", trustDomain, namespace, serviceAccount));
  }

  private static Declared entry(
      String name, String app, String trustDomain, String namespace, String serviceAccount) {
    Entry entry =
        Entry.of(
            SpiffeIds.of(trustDomain, "/" + name),
            SpiffeIds.of(trustDomain, "/spire-agent"),
            Set.of(
                Selector.k8s("ns:" + namespace),
                Selector.k8s("sa:" + serviceAccount),
                Selector.k8s("pod-label:app:" + app)));
    return new Declared(entry, false, Origin.NONE);
  }
}
