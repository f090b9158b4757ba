package org.spiredoctor.diagnosis;

import java.util.Optional;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Container.MountPoint;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;

/** Where a server's data lie. */
public final class ServerData {
  private ServerData() {}

  /** A setting of the plugin for the database. */
  public static Optional<String> setting(Component server, String name) {
    return server.config().value("plugins", "DataStore", "sql", "plugin_data", name);
  }

  /** The kind of database, such as {@code sqlite3}. */
  public static Optional<String> databaseType(Component server) {
    return setting(server, "database_type");
  }

  /** The file of a database of sqlite3; absent where its absolute path is not known. */
  public static Optional<String> databaseFile(Component server) {
    return databaseType(server)
        .filter("sqlite3"::equals)
        .flatMap(_ -> setting(server, "connection_string"))
        .map(file -> file.startsWith("file:") ? file.substring("file:".length()) : file)
        .filter(file -> file.startsWith("/"));
  }

  /**
   * Where its database is lost with its pod, such as {@code on an emptyDir}; absent where it lasts,
   * and where it is not known.
   */
  public static Optional<String> passing(Component server, Pod pod) {
    return inMemory(server)
        ? Optional.of("in memory")
        : databaseFile(server)
            .flatMap(
                file -> {
                  Optional<MountPoint> mount = server.mount(pod, file);
                  return mount.isEmpty()
                      ? Optional.of("on no volume")
                      : pod.volume(mount.get().volume())
                          .filter(
                              volume ->
                                  volume instanceof Volume.Other other
                                      && other.kind().equals("emptyDir"))
                          .map(_ -> "on an emptyDir");
                });
  }

  /** As the Helm chart has it for tests. */
  public static boolean inMemory(Component server) {
    return databaseType(server).filter("sqlite3"::equals).isPresent()
        && setting(server, "connection_string")
            .filter(file -> file.contains(":memory:"))
            .isPresent();
  }

  /**
   * What holds a path, so that two that are equal are the same place, and two that are not are not;
   * absent where it is not known whether pods share it.
   */
  public static Optional<String> place(Component server, Pod pod, String path) {
    Optional<MountPoint> mount = server.mount(pod, path);
    if (mount.isEmpty()) {
      return Optional.of("no volume: the file system of the container of " + pod.meta().name());
    }
    return pod.volume(mount.get().volume())
        .flatMap(
            volume ->
                switch (volume) {
                  case Volume.Claim claim -> Optional.of("persistentVolumeClaim " + claim.claim());
                  case Volume.Other other when other.kind().equals("emptyDir") ->
                      Optional.of("emptyDir of " + pod.meta().name());
                  // The directory of a node can be one that all nodes mount.
                  case Volume.HostPath _,
                      Volume.Csi _,
                      Volume.ConfigMap _,
                      Volume.Tokens _,
                      Volume.Other _ ->
                      Optional.empty();
                });
  }
}
