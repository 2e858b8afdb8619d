/* Every line takes its time. */
#include <unistd.h>

int main(void)
{
    unsigned turns = 0;

    for (;;) {
        usleep(300000);
        turns++;
        usleep(300000);
        turns++;
    }
}
