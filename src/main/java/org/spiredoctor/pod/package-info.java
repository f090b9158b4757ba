/**
 * What can be seen in the pod's own file system and process: mounts, the way to the socket, the
 * sandbox.
 */
@NullMarked
package org.spiredoctor.pod;

import org.jspecify.annotations.NullMarked;
