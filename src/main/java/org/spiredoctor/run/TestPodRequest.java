package org.spiredoctor.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * What the pod of the tests shall be like.
 *
 * @param replace whether a live pod of an earlier run is ended
 * @param image of the tests' container
 * @param doctorImage of the init containers
 * @param node that it must run on
 * @param labels beside the usual ones, or instead of them
 * @param env variables of the tests' container
 * @param volume that brings the socket
 * @param socketDir where the socket is on the node, if that is said
 * @param socketFile the name of the socket, if that is said
 * @param goal what is waited for, as {@code wait --for} takes it, if that is said
 * @param limits how long its stages may take
 * @param patch a strategic merge patch of its manifest; an empty one when there is none
 */
public record TestPodRequest(
    String name,
    boolean replace,
    String image,
    String doctorImage,
    Optional<String> node,
    Map<String, String> labels,
    Map<String, String> env,
    VolumeChoice volume,
    Optional<String> socketDir,
    Optional<String> socketFile,
    Optional<String> goal,
    Limits limits,
    JsonNode patch) {}
