import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

const HUB = process.env.CARNIVAL_API ?? 'http://127.0.0.1:8000';

export default defineConfig({
	plugins: [
		sveltekit({
			adapter: adapter({
				pages: '../src/curation_api/web',
				fallback: 'shell.html',
				precompress: true
			}),
			compilerOptions: { runes: true }
		})
	],
	server: { proxy: { '/api': HUB, '/sign-in': HUB, '/sign-out': HUB } },
	test: { include: ['src/**/*.test.ts'] }
});
