package org.spiredoctor.diagnosis.rules.server;

import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.kube.Kind;

/** Scenes of a server with a database or an image of its own. */
final class ServerScenes {
  static final String SERVER = "spire-server";
  static final String IMAGE = "/spec/containers/0/image";

  private ServerScenes() {}

  static ClusterScene image(ClusterScene scene, Kind kind, String name, String image) {
    String prefix = kind == Kind.POD ? "" : "/spec/template";
    return scene.set(kind, name, prefix + IMAGE, image);
  }

  static ClusterScene releases(String server, String agent) {
    ClusterScene scene = ClusterScene.healthy();
    image(scene, Kind.POD, "spire-server-0", "ghcr.io/spiffe/spire-server:" + server);
    return image(scene, Kind.POD, "spire-agent-x1y2z", "ghcr.io/spiffe/spire-agent:" + agent);
  }

  static ClusterScene datastore(String type, String connection, String error) {
    return ClusterScene.healthy()
        .configEdit(
            SERVER,
            "server.conf",
            "plugins {",
            "plugins {\n  DataStore \"sql\" { plugin_data { database_type = \""
                + type
                + "\"\n connection_string = \""
                + connection
                + "\" } }\n")
        .serverCrashes(
            "level=error msg=\"Server crashed\" error=\"datastore-sql: " + error + "\"\n");
  }

  static ClusterScene database() {
    return ClusterScene.healthy()
        .configEdit(
            SERVER,
            "server.conf",
            "plugins {",
            """
            plugins {
              DataStore "sql" { plugin_data { database_type = "sqlite3"
                connection_string = "/run/spire/data/datastore.sqlite3" } }
            """);
  }
}
