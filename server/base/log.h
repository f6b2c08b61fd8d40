#ifndef SERVER_BASE_LOG_H
#define SERVER_BASE_LOG_H
/*
 * The server's log: one line an event, with ejabberd's levels. Any thread may
 * write; control characters from strangers are escaped, so that a line is
 * always one line. Never pass secrets.
 */
#include <stdbool.h>

enum log_level {
	LEVEL_NONE,
	LEVEL_CRITICAL,
	LEVEL_ERROR,
	LEVEL_WARNING,
	LEVEL_INFO,
	LEVEL_DEBUG,
};

/* Where lines go from now on: a file (created 0640, appended to) or, with
 * NULL, stderr. False: it can't be opened (errno); nothing changes. */
bool log_open(const char *path);
/* Lines above this level are dropped. LEVEL_INFO until set. */
void log_set_level(enum log_level level);
/* True where a line of that level would be written. */
bool log_wants(enum log_level level);
/* Writes one line, time and level in front. Never fails visibly. */
void log_line(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#define log_critical(...) log_line(LEVEL_CRITICAL, __VA_ARGS__)
#define log_error(...) log_line(LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LEVEL_WARNING, __VA_ARGS__)
#define log_info(...) log_line(LEVEL_INFO, __VA_ARGS__)
#define log_debug(...)                                      \
	do {                                                \
		if (log_wants(LEVEL_DEBUG))                 \
			log_line(LEVEL_DEBUG, __VA_ARGS__); \
	} while (0)

#endif
