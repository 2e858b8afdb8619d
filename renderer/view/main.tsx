import { createRoot } from 'react-dom/client';
import '../styles/theme.css';
import '../styles/base.css';
import '../styles/dialog.css';
import '../styles/session.css';
import '../styles/hosted.css';
import { startLook } from '../lib/look.ts';
import { startView } from './state.ts';
import { ViewPage } from './ViewPage.tsx';

const place = document.getElementById('root');
if (!place) throw new Error('view.html has no element with the id root');

startLook();
void startView();
createRoot(place).render(<ViewPage />);
