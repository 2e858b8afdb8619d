import { createRoot } from 'react-dom/client';
import '../styles/theme.css';
import '../styles/base.css';
import '../styles/dialog.css';
import '../styles/start.css';
import '../styles/stub.css';
import '../styles/hosted.css';
import { startLook } from '../lib/look.ts';
import { act } from './actions.ts';
import { Place } from './Place.tsx';
import { startHosted } from './state.ts';

const place = document.getElementById('root');
if (!place) throw new Error('hosted.html has no element with the id root');

startLook();
void startHosted(act);
createRoot(place).render(<Place />);
