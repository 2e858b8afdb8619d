/* A parcel depot: several workers put parcels on one shelf, the main thread ships what lies there.
   Nothing ever fails, yet parcels go missing. samples/README.md says how to catch it at work.

   Build: gcc -g -O0 -pthread -o parcels parcels.c      Run: parcels [WORKERS [PAUSE_MS]] */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MAX_WORKERS = 16 };

struct parcel {
    struct parcel *next;
    unsigned id;
    int grams;
    char label[32];
};

struct worker {
    pthread_t thread;
    int number;
    int express; /* express workers are in a hurry */
    unsigned long accepted;
};

struct depot {
    const char *name;
    int worker_count;
    int pause_ms;
    struct parcel *shelf; /* the newest parcel first */
    unsigned long shipped;
    unsigned long grams_shipped;
    pthread_mutex_t shelf_lock;
    pthread_rwlock_t doors; /* shut while the shelf is emptied */
    struct worker workers[MAX_WORKERS];
};

struct depot depot = {
    .name = "Harbour depot",
    .worker_count = 4,
    .pause_ms = 20,
    .shelf_lock = PTHREAD_MUTEX_INITIALIZER,
    .doors = PTHREAD_RWLOCK_INITIALIZER,
};

static void pause_for(int milliseconds) {
    struct timespec time = {milliseconds / 1000, (milliseconds % 1000) * 1000000L};
    nanosleep(&time, NULL);
}

static struct parcel *parcel_new(const struct worker *worker) {
    struct parcel *parcel = calloc(1, sizeof *parcel);
    if (parcel == NULL) abort();
    parcel->id = (unsigned)worker->number * 1000000u + (unsigned)worker->accepted;
    snprintf(parcel->label, sizeof parcel->label, "%s %u", worker->express ? "EXPRESS" : "parcel", parcel->id);
    return parcel;
}

static int parcel_weigh(const struct parcel *parcel) {
    pause_for(2); /* the scales need a moment */
    return 100 + (int)(parcel->id % 900);
}

static void list_push(struct parcel **head, struct parcel *parcel) {
    struct parcel *old_head = *head;
    parcel->grams = parcel_weigh(parcel);
    parcel->next = old_head;
    *head = parcel;
}

static struct parcel *list_pop(struct parcel **head) {
    struct parcel *first = *head;
    if (first != NULL) *head = first->next;
    return first;
}

static void store_parcel(struct parcel *parcel) {
    pthread_mutex_lock(&depot.shelf_lock);
    list_push(&depot.shelf, parcel);
    pthread_mutex_unlock(&depot.shelf_lock);
}

static void store_express(struct parcel *parcel) {
    list_push(&depot.shelf, parcel); /* no time to wait for the others */
}

static void *worker_main(void *argument) {
    struct worker *worker = argument;
    for (;;) {
        pause_for(depot.pause_ms + 3 * worker->number);
        pthread_rwlock_rdlock(&depot.doors);
        struct parcel *parcel = parcel_new(worker);
        if (worker->express)
            store_express(parcel);
        else
            store_parcel(parcel);
        worker->accepted++;
        pthread_rwlock_unlock(&depot.doors);
    }
    return NULL;
}

static unsigned long ship_all(void) {
    unsigned long accepted = 0;
    struct parcel *parcel;
    pthread_rwlock_wrlock(&depot.doors);
    while ((parcel = list_pop(&depot.shelf)) != NULL) {
        depot.shipped++;
        depot.grams_shipped += (unsigned long)parcel->grams;
        free(parcel);
    }
    for (int i = 0; i < depot.worker_count; i++) accepted += depot.workers[i].accepted;
    pthread_rwlock_unlock(&depot.doors);
    return accepted;
}

int main(int argc, char **argv) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc > 1) depot.worker_count = atoi(argv[1]);
    if (argc > 2) depot.pause_ms = atoi(argv[2]);
    if (depot.worker_count < 1 || depot.worker_count > MAX_WORKERS || depot.pause_ms < 0) {
        fprintf(stderr, "usage: parcels [WORKERS (1 to %d) [PAUSE_MS]]\n", MAX_WORKERS);
        return 2;
    }
    printf("%s opens with %d workers\n", depot.name, depot.worker_count);
    for (int i = 0; i < depot.worker_count; i++) {
        struct worker *worker = &depot.workers[i];
        worker->number = i + 1;
        worker->express = i + 1 == depot.worker_count;
        if (pthread_create(&worker->thread, NULL, worker_main, worker) != 0) abort();
    }
    for (unsigned day = 1;; day++) {
        pause_for(2000);
        unsigned long accepted = ship_all();
        printf("day %u: %lu parcels accepted, %lu shipped, %lu missing\n", day, accepted, depot.shipped,
               accepted - depot.shipped);
    }
}
