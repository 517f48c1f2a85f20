// The Express application that all of its servers serve unchanged.
import express from 'express';
import type { Express } from 'express';

export const app: Express = express();
app.get('/', (_request, response) => void response.type('text').send('Hello, World!'));
