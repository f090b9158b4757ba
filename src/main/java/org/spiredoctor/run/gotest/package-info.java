/** What Go tests print, read, and written as JUnit does. */
@NullMarked
package org.spiredoctor.run.gotest;

import org.jspecify.annotations.NullMarked;
